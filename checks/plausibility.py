"""Some faults come one by one: where much of a site shows the same one, the reader is more likely at fault than the unit.

An office forgets the text of a document, leaves a column empty, or omits a telephone number. It does not forget the text of
every other document. A template that we misread, on the other hand, is misread on every page that is made from it.
What was read so fully that nothing is left to misread (`Outcome.firm`) is not doubted: some templates do lack a line.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from dossier.model import Outcome, Rule, Verdict

FEWEST = 3
"""So many accusations, and more than the rule's share of all subjects that could be judged, are doubted together."""


def doubt_many(rule: Rule, said: Sequence[Outcome]) -> Sequence[Outcome]:
    """What a rule said of one site, its accusations turned into questions where they are too many to be true."""
    accused = {one.subject for one in said if one.verdict is Verdict.FAIL}
    judged = accused | {one.subject for one in said if one.verdict is Verdict.PASS}
    if len(accused) < FEWEST or len(accused) <= rule.plausible_share * len(judged):
        return said
    because = f"可判断的 {len(judged)} 处中有 {len(accused)} 处都读成这样，更像是系统没有读懂这种版式，请打开其中一处核对"
    return [
        msgspec.structs.replace(one, verdict=Verdict.UNSURE, because=because)
        if one.verdict is Verdict.FAIL and not one.firm
        else one
        for one in said
    ]
