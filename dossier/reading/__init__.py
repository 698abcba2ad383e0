"""Bytes → facts, once."""

from dossier.reading.contract import contract_json
from dossier.reading.data import read_data
from dossier.reading.decoding import decode
from dossier.reading.page import read
from dossier.reading.vocabulary import Vocabulary, load_vocabulary

__all__ = ["Vocabulary", "contract_json", "decode", "load_vocabulary", "read", "read_data"]
