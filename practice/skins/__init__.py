"""Eleven faces of one content: each after the structure of a family of real sites."""

from practice.skins.base import Skin
from practice.skins.classic import Empire, Hanweb, OldGbk, TwoHosts
from practice.skins.portal import Guangdong, PlainJson, Shanxi, Trs
from practice.skins.unseen import Boda, Jhtml, Soup

SKINS: dict[str, Skin] = {
    skin.name: skin
    for skin in (
        Trs(),
        Shanxi(),
        Hanweb(),
        Guangdong(),
        Empire(),
        PlainJson(),
        TwoHosts(),
        OldGbk(),
        Boda(),
        Jhtml(),
        Soup(),
    )
}

__all__ = ["SKINS", "Skin"]
