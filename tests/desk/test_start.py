"""A command that does little is there at once: what is slow to load is loaded by those who need it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
