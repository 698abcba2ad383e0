"""Characters as a reader means them: some printers write the radical 民 (U+2EA0) for the word 民 (U+6C11)."""

from __future__ import annotations

import unicodedata

_SUPPLEMENT = (
    "⺁厂⺅亻⺆冂⺈刀⺉刂⺊卜⺌小⺎兀⺐尢⺒巳⺓幺⺖忄⺘扌⺙攵⺛旡⺜日⺝月⺟母⺠民⺡氵⺣灬⺤爫⺦丬⺧牛⺨犭⺩王⺫目⺬示⺭礻⺮竹⺰纟"
    "⺲罒⺶羊⺷羊⺹耂⺻聿⺼肉⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻕阜⻖阝"
    "⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
"""Radicals of the supplement (U+2E80 to U+2EFF), each before the character of the same shape."""
_RADICALS = {
    ord(radical): sign for radical, sign in zip(_SUPPLEMENT[::2], _SUPPLEMENT[1::2], strict=True)
} | {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}


def meant(text: str) -> str:
    """Text with every radical that stands for a word written as that word."""
    return text.translate(_RADICALS)
