"""The problems and questions of a unit, one after another, in a Word paper."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from desk.reports.html import by_indicator
from desk.reports.oxml import Run, paragraph, table
from desk.reports.paper import Finding, UnitPaper
from desk.reports.pictures import Pictures
from desk.reports.word import Paper
from desk.reports.wording import NEWS, UNCONFIRMED, beijing, chinese_date, chinese_number, one_line, points
from dossier.model import Evidence

EVIDENCE_SHOWN = 3
BLOCKS_OF_A_RULE = 6
"""More findings of one rule than this are laid out as a table: basis and remedy stated once above it."""


def body(doc: Paper, text: str) -> None:
    """A plain paragraph of the paper."""
    doc.add(paragraph(text, "PaperBody"))


def write_problems(doc: Paper, paper: UnitPaper, pictures: Pictures) -> None:
    """三、问题清单."""
    doc.add(paragraph("三、问题清单", "PaperHead1"))
    if not paper.problems:
        body(doc, "本次检查没有发现问题。" if paper.inspected else "本次未能检测，没有可列的问题。")
        return
    said = f"共{len(paper.problems)}项，建议扣分合计{points(paper.standing.scorecard.deducted)}分"
    if paper.unconfirmed:
        said += f"；标“{UNCONFIRMED}”的{paper.unconfirmed}项见到的次数尚不足，须待以后检查再次见到"
    body(doc, said + "。")
    number = 0
    for nth, (indicator, findings) in enumerate(by_indicator(paper.problems), 1):
        doc.add(paragraph(f"（{chinese_number(nth)}）{indicator}", "PaperHead2"))
        of_rule: dict[str, list[Finding]] = {}
        for finding in findings:
            of_rule.setdefault(finding.rule_id, []).append(finding)
        for alike in of_rule.values():
            if len(alike) > BLOCKS_OF_A_RULE:
                number += 1
                _alike(doc, number, alike)
                continue
            for finding in alike:
                number += 1
                _problem(doc, number, finding, pictures)


def _problem(doc: Paper, number: int, finding: Finding, pictures: Pictures) -> None:
    d = finding.deficiency
    mark = "" if d.confirmed else f"【{UNCONFIRMED}】"
    doc.add(paragraph(f"{number}. {d.number}　{finding.name}{mark}", "PaperHead3"))
    body(doc, stop(one_line(d.message)))
    body(doc, f"依据：{stop('；'.join(finding.basis) or '检查项已停用，依据见当时的检查规则')}")
    cost = f"请求{points(finding.asked)}分，建议扣{points(finding.granted)}分。" if finding.scored else ""
    body(doc, f"建议扣分：{cost}{stop('；'.join(finding.working))}")
    body(doc, f"整改要求：{stop(finding.remedy or '—')}")
    body(doc, f"发现次数：{nights_said(finding)}；{NEWS.get(d.news, d.news)}。")
    _evidence(doc, finding, pictures)


def _alike(doc: Paper, number: int, findings: list[Finding]) -> None:
    """Many findings of one rule: what they share once, then a line each."""
    first = findings[0]
    granted = sum((finding.granted for finding in findings), Decimal(0))
    doc.add(paragraph(f"{number}. {first.name}（{len(findings)}项）", "PaperHead3"))
    body(doc, f"依据：{stop('；'.join(first.basis) or '检查项已停用，依据见当时的检查规则')}")
    body(doc, f"整改要求：{stop(first.remedy or '—')}")
    body(
        doc,
        f"建议扣分：本类{len(findings)}项合计建议扣{points(granted)}分，逐项算法如下，证据摘要值全文见附2。",
    )
    shared = shared_clauses([finding.working for finding in findings])
    if shared:
        body(doc, f"共同算法：{stop('；'.join(shared))}")
    rows = []
    for finding in findings:
        d = finding.deficiency
        mark = "" if d.confirmed else f"【{UNCONFIRMED}】"
        proof: list[Run] = []
        for piece in d.outcome.evidence[:1]:
            proof.append(Run(one_line(piece.url, 160), link=doc.link(piece.url), small=True))
            digest = f"，摘要值 {piece.sha256[:12]}…" if piece.sha256 else ""
            proof.append(Run(f"\n{beijing(piece.captured_at)}{digest}", grey=True, small=True))
        working = "；".join(clause for clause in _clauses(finding.working) if clause not in shared)
        rows.append((
            d.number, one_line(d.message, 220) + mark, proof or "—",
            f"{points(finding.granted)}\n{working}" if working else points(finding.granted),
            f"{d.nights_seen}次\n{d.first_at}\n{d.last_at}",
        ))  # fmt: skip
    heads = ("编号", "事实", "证据（北京时间）", "建议扣分与算法", "次数、首末次")
    doc.add(table(heads, rows, (20, 52, 38, 25, 21)))


def write_questions(doc: Paper, paper: UnitPaper, pictures: Pictures) -> None:
    """四、待人工核查."""
    doc.add(paragraph("四、待人工核查", "PaperHead1"))
    if not paper.questions:
        body(doc, "没有待人工核查的事项。")
        return
    body(doc, f"共{len(paper.questions)}项，机器不能断定，不计分，请考核人员核查。")
    for number, finding in enumerate(paper.questions, 1):
        d = finding.deficiency
        doc.add(paragraph(f"{number}. {d.number}　{finding.name}", "PaperHead3"))
        body(doc, f"{stop(one_line(d.message))}（{finding.indicator}）")
        body(doc, f"为何不能断定、请核什么：{stop(d.outcome.because or '检查依据不足，请人工打开页面核对')}")
        if finding.basis:
            body(doc, f"依据：{stop('；'.join(finding.basis))}")
        body(doc, f"发现次数：{nights_said(finding)}。")
        _evidence(doc, finding, pictures)


def _evidence(doc: Paper, finding: Finding, pictures: Pictures) -> None:
    pieces = finding.deficiency.outcome.evidence
    for nth, piece in enumerate(pieces[:EVIDENCE_SHOWN], 1):
        doc.add(paragraph(_proof(doc, nth, piece), "PaperEvidence"))
        picture = pictures.read(piece.screenshot)
        if picture is not None:
            doc.picture(picture, 120)
    if len(pieces) > EVIDENCE_SHOWN:
        doc.add(paragraph(f"证据另有{len(pieces) - EVIDENCE_SHOWN}处，见附2。", "PaperEvidence"))
    if not pieces:
        doc.add(paragraph("证据：无。", "PaperEvidence"))


def _proof(doc: Paper, nth: int, piece: Evidence) -> list[Run]:
    runs = [Run(f"证据{nth}：{one_line(piece.place, 80)} ")]
    if piece.url:
        runs.append(Run(one_line(piece.url, 200), link=doc.link(piece.url)))
    tail = "".join(f"，{one_line(part, 200)}" for part in (piece.note,) if part)
    tail += f"，原文“{one_line(piece.quote, 200)}”" if piece.quote else ""
    tail += f"，抓取于{beijing(piece.captured_at)}（北京时间）" if piece.captured_at else ""
    tail += f"，摘要值 {piece.sha256}" if piece.sha256 else ""
    tail += f"，截图 {one_line(piece.screenshot, 80)}" if piece.screenshot else ""
    return [*runs, Run(tail + "。")]


def nights_said(finding: Finding) -> str:
    """How often and when a finding was seen."""
    d = finding.deficiency
    return f"见于{d.nights_seen}次检查，首次{chinese_date(d.first_at)}，最近{chinese_date(d.last_at)}"


def stop(sentence: str) -> str:
    """A sentence ends with one full stop."""
    return sentence if sentence.endswith(("。", "！", "？", "…")) else sentence + "。"


def shared_clauses(workings: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The clauses that stand in every working, in their order: stated once, they need not stand in every row."""
    first, *others = [_clauses(working) for working in workings]
    return tuple(clause for clause in first if all(clause in other for other in others))


def _clauses(working: tuple[str, ...]) -> list[str]:
    return [clause for said in working for clause in said.split("；")]
