"""For those who keep the system running: nights, what was not seen and whom to ask, the list and the tables."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers.response import Response

from desk.acting import Refused
from desk.night_watch import watch
from desk.operating import digest_of, save_units, table_files
from desk.operating import reweigh as weigh_again
from desk.operating import save_table as put_table
from desk.web.room import room
from dossier import store
from dossier.errors import BadInput

views = Blueprint("operations", __name__)


@views.get("/runs")
def runs() -> str:
    here = room()
    every = store.runs(here.kept)
    return render_template(
        "runs.html",
        runs=every[::-1][:30],
        total=len(every),
        papers=[paper for paper in here.load.papers.values() if not paper.inspected or paper.partial],
        night=watch(here.installation, here.kept),
    )


@views.get("/runs/progress")
def progress() -> str:
    here = room()
    return render_template("progress.html", night=watch(here.installation, here.kept))


@views.get("/tables")
def tables() -> str:
    here = room()
    return render_template("tables.html", **_tables_page(here.installation.home.units_csv))


@views.post("/tables/list")
def save_list() -> Response | str | tuple[str, int]:
    here = room()
    text = request.form.get("text", "")
    try:
        said = save_units(here.installation, here.kept, text, expected=request.form.get("expected", ""), who=here.me, at=here.now, place=here.place)  # fmt: skip
    except BadInput as error:
        page = _tables_page(here.installation.home.units_csv)
        return render_template("tables.html", **{**page, "text": text, "problems": error.problems}), 400
    except Refused as error:
        flash(str(error), "bad")
        return render_template("tables.html", **{**_tables_page(here.installation.home.units_csv), "text": text}), 409  # fmt: skip
    flash(said)
    return redirect(url_for("operations.tables"))


@views.post("/tables/table")
def save_table() -> Response | str | tuple[str, int]:
    here = room()
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refused("请选择评分表文件（xlsx 或 toml）。")
    suffix = Path(file.filename).suffix.lower()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table{suffix if suffix in ('.xlsx', '.xlsm', '.toml') else '.bin'}"
        file.save(path)
        try:
            said = put_table(here.installation, here.kept, path, shown=file.filename, who=here.me, at=here.now, place=here.place)  # fmt: skip
        except BadInput as error:
            page = _tables_page(here.installation.home.units_csv)
            return render_template("tables.html", **{**page, "table_problems": error.problems}), 400
    flash(said)
    return redirect(url_for("operations.tables"))


@views.post("/tables/reweigh")
def reweigh() -> Response:
    here = room()
    said = weigh_again(here.installation, here.kept, who=here.me, at=here.now, place=here.place)
    flash(said)
    return redirect(url_for("operations.tables"))


def _tables_page(path: Path) -> dict[str, object]:
    here = room()
    return {
        "text": path.read_text(encoding="utf-8-sig") if path.is_file() else "",
        "expected": digest_of(path),
        "files": table_files(here.installation.home),
        "problems": (),
        "table_problems": (),
    }
