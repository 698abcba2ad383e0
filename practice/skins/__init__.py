"""Eight faces of one content: each after the structure of a family of real sites."""

from practice.skins.base import Skin
from practice.skins.classic import Empire, Hanweb, OldGbk, TwoHosts
from practice.skins.portal import Guangdong, PlainJson, Shanxi, Trs

SKINS: dict[str, Skin] = {
    skin.name: skin
    for skin in (Trs(), Shanxi(), Hanweb(), Guangdong(), Empire(), PlainJson(), TwoHosts(), OldGbk())
}

__all__ = ["SKINS", "Skin"]
