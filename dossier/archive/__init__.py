"""What was fetched is kept as it came: WARC files, and beside them a manifest of every attempt.

Only this room knows how bodies lie in WARC files. Everything can be read again with any WARC tool.
"""

from dossier.archive.carried import CARRIED, CarriedLine, carried_file, is_a_sight, read_carried, with_carried
from dossier.archive.excerpt import excerpt
from dossier.archive.exchange import Exchange
from dossier.archive.manifest import BY_PORTAL, MANIFEST_FILES, ManifestBroken, manifest_file
from dossier.archive.places import THINNED, Thinned, files_of, read_thinned
from dossier.archive.places import is_there as archive_is_there
from dossier.archive.reader import (
    BodyMissing,
    DigestMismatch,
    FactsRecord,
    SameReading,
    place_of,
    read_accounts,
    read_body,
    read_captures,
    read_facts,
    read_report,
    record_answer,
    record_body,
)
from dossier.archive.repair import close_folder
from dossier.archive.thinning import Plan, facts_file, plan_of, remove_thinned, thin
from dossier.archive.verify import Fault, verify
from dossier.archive.wacz import ShownPage, pack
from dossier.archive.writer import (
    ArchiveWriter,
    LineFile,
    append_account,
    pack_unit,
    write_report,
)

__all__ = [
    "BY_PORTAL",
    "CARRIED",
    "MANIFEST_FILES",
    "THINNED",
    "ArchiveWriter",
    "BodyMissing",
    "CarriedLine",
    "DigestMismatch",
    "Exchange",
    "FactsRecord",
    "Fault",
    "LineFile",
    "ManifestBroken",
    "Plan",
    "SameReading",
    "ShownPage",
    "Thinned",
    "append_account",
    "archive_is_there",
    "carried_file",
    "close_folder",
    "excerpt",
    "facts_file",
    "files_of",
    "is_a_sight",
    "manifest_file",
    "pack",
    "pack_unit",
    "place_of",
    "plan_of",
    "read_accounts",
    "read_body",
    "read_captures",
    "read_carried",
    "read_facts",
    "read_report",
    "read_thinned",
    "record_answer",
    "record_body",
    "remove_thinned",
    "thin",
    "verify",
    "with_carried",
    "write_report",
]
