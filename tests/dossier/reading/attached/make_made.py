"""Makes the binary fixtures of this folder: `python -m tests.dossier.reading.attached.make_made`.

Needs Chromium and LibreOffice; the tests that read the fixtures need neither.
"""

from __future__ import annotations

import shutil
import subprocess
import tarfile
import tempfile
from functools import cache
from pathlib import Path

from .reports import Figures, Look, figures, report_html

MADE = Path(__file__).parent / "made.tar.xz"
SMALL = "body{font-size:9px}"
LOOKS: dict[str, tuple[int, str, Look]] = {
    "portrait": (11, "", Look(css=SMALL)),
    "portrait-wrong-column": (12, "column", Look(css=SMALL)),
    "portrait-wrong-row": (13, "row", Look(css=SMALL)),
    "landscape": (14, "", Look(css="@page{size:A4 landscape} body{font-size:12px}")),
    "broken-over-pages": (15, "", Look(before=8)),
    "broken-over-pages-wrong": (16, "column", Look(before=8)),
    "broken-inside-rows": (17, "", Look(before=6, css="td{padding:9px 2px} tr{break-inside:auto}")),
    "headings-repeated": (18, "", Look(before=7, thead=True)),
    "slash-for-zero": (19, "", Look(css=SMALL, zero="/")),
    "dash-for-zero": (20, "", Look(css=SMALL, zero="-")),
    "blank-for-zero": (21, "", Look(css=SMALL, zero="")),
    "full-width": (22, "", Look(css=SMALL, wide=True)),
    "full-width-wrong": (23, "row", Look(css=SMALL, wide=True)),
    "split-cells": (24, "", Look(css=SMALL, split_cells=True)),
    "thick-double-rules": (25, "", Look(css=SMALL + "td{border:3px double #000}")),
    "grey-hairlines": (26, "", Look(css=SMALL + "td{border:0.3px solid #999} tr:nth-child(odd){background:#eef}")),
    "no-rules": (27, "column", Look(css=SMALL + "td{border:none} table{border:none}")),
    "narrow-columns": (28, "", Look(css=SMALL + "td{width:8px;word-break:break-all} table{table-layout:fixed}")),
    "bold-figures": (29, "", Look(css=SMALL + "td:last-child{-webkit-text-stroke:0.4px}")),
    "letter-spaced": (30, "", Look(css=SMALL + "td{letter-spacing:4px}")),
}  # fmt: skip
OFFICE = ("portrait", "broken-over-pages", "slash-for-zero", "portrait-wrong-column")
"""Those that also pass through LibreOffice: DOCX, DOC, and PDF printed from the DOCX."""


def known(name: str) -> Figures:
    seed, wrong, _ = LOOKS[name]
    return figures(seed, wrong=wrong, most=4000 if "narrow" in name else 400)


@cache
def made() -> dict[str, bytes]:
    """The fixtures by their names."""
    with tarfile.open(MADE) as box:
        return {entry.name: box.extractfile(entry).read() for entry in box if entry.isfile()}  # type: ignore[union-attr]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, tarfile.open(MADE, "w:xz", preset=9) as box:
        out = Path(folder) / "out"
        out.mkdir()
        for name, (_, _, look) in LOOKS.items():
            page = Path(folder) / f"{name}.html"
            page.write_text(report_html(known(name), look), encoding="utf-8")
            subprocess.run(
                ["chromium", "--headless", "--no-sandbox", "--no-pdf-header-footer", f"--print-to-pdf={out / name}.pdf", str(page)],
                check=True, capture_output=True,
            )  # fmt: skip
            if name in OFFICE:
                _office(page, Path(folder), out)
        for path in sorted(out.iterdir()):
            box.add(path, arcname=path.name)


def _office(page: Path, folder: Path, out: Path) -> None:
    def convert(source: Path, form: str, filter_name: str = "") -> Path:
        command = ["soffice", "--headless", "--convert-to", form + (f":{filter_name}" if filter_name else ""), "--outdir", str(folder)]  # fmt: skip
        if source.suffix == ".html":
            command.append("--infilter=HTML (StarWriter)")
        subprocess.run([*command, str(source)], check=True, capture_output=True)
        return folder / f"{source.stem}.{form}"

    document = convert(page, "docx", "MS Word 2007 XML")
    for made_file in (
        document,
        convert(document, "pdf"),
        convert(document, "doc", "MS Word 97"),
        convert(document, "rtf"),
    ):
        shutil.copy(made_file, out / f"office-{made_file.name}")


if __name__ == "__main__":
    main()
