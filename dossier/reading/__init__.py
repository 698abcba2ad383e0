"""Bytes → facts, once.

Names are looked up when they are asked for: a command that reads no page does not wait for what reads pages to load
(a fifth of a command's start, measured 2026-11-30).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from dossier.compiled import prefer_compiled

if TYPE_CHECKING:
    from dossier.reading.contract import contract_json
    from dossier.reading.data import read_data
    from dossier.reading.decoding import decode
    from dossier.reading.page import read
    from dossier.reading.vocabulary import Vocabulary
    from dossier.reading.vocabulary_tables import load_vocabulary

__all__ = ["Vocabulary", "contract_json", "decode", "load_vocabulary", "read", "read_data"]

_HOME_OF = {
    "Vocabulary": "vocabulary", "contract_json": "contract", "decode": "decoding",
    "load_vocabulary": "vocabulary_tables", "read": "page", "read_data": "data",
}  # fmt: skip
prefer_compiled(__name__, __path__)


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
