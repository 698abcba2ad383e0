"""What was fetched is kept as it came: WARC files, and beside them a manifest of every attempt.

Only this room knows how bodies lie in WARC files. Everything can be read again with any WARC tool.
"""

from dossier.archive.excerpt import excerpt
from dossier.archive.reader import (
    BodyMissing,
    DigestMismatch,
    FactsRecord,
    read_accounts,
    read_body,
    read_captures,
    read_facts,
    read_report,
    record_answer,
    record_body,
)
from dossier.archive.repair import close_folder
from dossier.archive.verify import Fault, verify
from dossier.archive.writer import (
    ArchiveWriter,
    Exchange,
    LineFile,
    append_account,
    write_report,
)

__all__ = [
    "ArchiveWriter",
    "BodyMissing",
    "DigestMismatch",
    "Exchange",
    "FactsRecord",
    "Fault",
    "LineFile",
    "append_account",
    "close_folder",
    "excerpt",
    "read_accounts",
    "read_body",
    "read_captures",
    "read_facts",
    "read_report",
    "record_answer",
    "record_body",
    "verify",
    "write_report",
]
