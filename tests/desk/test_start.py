"""A command that does little is there at once: what is slow to load is loaded by those who need it."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import click

from desk.cli import registered

ROOT = Path(__file__).parents[2]
SLOW = (
    "openpyxl", "xlsxwriter", "docx", "rich", "flask", "jinja2", "playwright", "scrapy", "twisted", "aiohttp", "warcio",
    "apscheduler", "rfc3161_client", "pdfplumber", "selectolax", "dossier.reading.page",
)  # fmt: skip


def test_the_command_line_is_laid_out_without_what_is_slow_to_load() -> None:
    asked = f"import sys; from desk.cli import registered; registered(); print(*[n for n in {SLOW} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_crawl_begins_without_the_patient_carrier_that_most_nights_never_need() -> None:
    asked = "import sys, crawler.run, dossier.reading.page; print(*[n for n in ('scrapy', 'twisted', 'playwright', 'OpenSSL', 'cryptography') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_command_that_judges_is_there_without_what_only_other_commands_load() -> None:
    others = (
        "desk.commands_rectify",
        "desk.commands_year",
        "desk.commands_web",
        "desk.period_papers",
        "argon2",
    )
    asked = (
        "import sys; from desk.cli import main_group; main_group.main(['judge', '--help'], standalone_mode=False); "
        f"print(*[n for n in {others} if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1].split() == []


def test_the_commands_of_a_group_are_all_in_one_module() -> None:
    """Else a group would be taken for whole when the first of its modules is loaded."""
    for group in registered().commands.values():
        if isinstance(group, click.Group):
            homes = {
                inspect.unwrap(one.callback).__module__ for one in group.commands.values() if one.callback
            }
            assert len(homes) == 1, (group.name, homes)
