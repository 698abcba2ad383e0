"""One unit's 合规报告 as a Word paper, the form that is signed and filed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from desk.reports.docx_findings import body, write_problems, write_questions
from desk.reports.html import evidence_list
from desk.reports.night import Night
from desk.reports.oxml import Run, paragraph, table
from desk.reports.paper import UnitPaper
from desk.reports.pictures import Pictures
from desk.reports.scoresheet import SheetSection
from desk.reports.word import Paper
from desk.reports.wording import (
    AREA_STATES,
    AREAS,
    CHANNELS,
    CLASSES,
    UNCONFIRMED,
    beijing,
    chinese_date,
    chinese_moment,
    fixed,
    one_line,
    points,
    unseen_reason,
)

EVIDENCE_LISTED = 300


def write_unit_docx(path: Path, paper: UnitPaper, night: Night, pictures: Pictures) -> Path:
    """Write <unit_id>.docx."""
    standing = paper.standing
    doc = Paper(f"{standing.unit.full_name}{night.title}合规报告", night.finished)
    doc.add(paragraph(standing.unit.full_name, "PaperTitle"))
    doc.add(paragraph(f"{night.title}合规报告", "PaperTitle"))
    doc.add(
        paragraph(f"（检查时点 {chinese_date(standing.as_of)}　批次 {standing.run_id}）", "PaperSubtitle")
    )
    doc.add(paragraph("", "PaperBody"))
    said = (
        "本报告由检查系统自动生成，所列扣分均为建议扣分，由考核人员核定；未能看到的内容不作为问题，不扣分。"
    )
    if paper.assumed:
        said += f"评分依据为{paper.table.title}（{paper.source}）。"
    doc.add(paragraph(said + "".join(night.notes), "PaperBody"))
    _overview(doc, paper, night)
    _score(doc, paper)
    write_problems(doc, paper, pictures)
    write_questions(doc, paper, pictures)
    _gaps(doc, paper)
    doc.turn(landscape=True)
    _annex_scores(doc, paper)
    _annex_evidence(doc, paper)
    return doc.save(path)


def _overview(doc: Paper, paper: UnitPaper, night: Night) -> None:
    standing, coverage, unit = paper.standing, paper.coverage, paper.standing.unit
    doc.add(paragraph("一、检查概况", "PaperHead1"))
    body(
        doc,
        f"检查对象：{unit.full_name}，编号{unit.unit_id}，{CLASSES[unit.unit_class]}。检查依据：{night.basis}。",
    )
    body(
        doc,
        f"检查时间：{chinese_moment(standing.started)}至{chinese_moment(standing.finished)}（北京时间）。",
    )
    body(doc, "检查方式：网上检查，自动访问公开页面（不登录、不提交内容），留存页面原件和摘要值后逐项判断。")
    others = [
        f"{unseen_reason(key)}{n}个" for key, n in sorted(coverage.reaches.items()) if key != "ok" and n
    ]
    others += [f"{unseen_reason(key)}{n}个" for key, n in sorted(coverage.skipped.items()) if n]
    body(
        doc,
        f"访问地址{coverage.asked}个，正常打开{coverage.ok}个"
        + (f"，久未变化而沿用近日抓取{coverage.carried}个" if coverage.carried else "")
        + "".join(f"，{said}" for said in others)
        + "。",
    )
    if not paper.inspected:
        body(doc, f"检查结果：未能检测。{paper.reason}。")
    sites = [
        (
            CHANNELS[row.channel],
            row.name,
            _linked(doc, row.url) if row.url else row.account_id or "未登记",
            row.site_code or "—",
        )
        for row in unit.sites
    ]
    if sites:
        doc.add(paragraph("网站与新媒体账号", "TableCaption", keep_next=True))
        doc.add(table(("渠道", "名称", "地址或账号", "标识码"), sites, (24, 44, 60, 28)))
    areas = [
        (
            AREAS[area],
            AREA_STATES[seen.state],
            str(len(seen.pages)),
            str(len(seen.unseen) or "—"),
            seen.because or "—",
        )
        for area in AREAS
        if (seen := coverage.areas.get(area)) is not None
    ]
    if areas:
        done, wanted = paper.areas_seen
        doc.add(paragraph(f"覆盖情况（应查{wanted}处，已完整查看{done}处）", "TableCaption", keep_next=True))
        heads = ("应查位置", "查看情况", "已读页面", "未见链接", "说明")
        doc.add(table(heads, areas, (36, 28, 20, 20, 52), right=frozenset({2, 3})))


def _score(doc: Paper, paper: UnitPaper) -> None:
    card, standing = paper.standing.scorecard, paper.standing
    doc.add(paragraph("二、建议得分", "PaperHead1"))
    if paper.inspected:
        said = f"建议得分{fixed(card.score)}分，建议扣分{fixed(card.deducted)}分"
        if card.unconfirmed_points:
            said += f"，其中{UNCONFIRMED}{fixed(card.unconfirmed_points)}分"
        said += f"。问题{len(paper.problems)}项，待人工核查{len(paper.questions)}项（不计分），未能检测{len(paper.gaps)}处（不计分）。"
        if card.grade:
            assumed = "，等次线为暂定" if paper.table.bands_status.value == "assumed" else ""
            said += f"初步等次建议：{card.grade}（待考核人员核定{assumed}）。"
        body(doc, said)
        doc.add(paragraph("一级指标一览", "TableCaption", keep_next=True))
        rows = [_level_row(section) for section in paper.sections]
        asked = sum((section.asked for section in paper.sections), Decimal(0))
        weight = sum((section.weight or Decimal(0) for section in paper.sections), Decimal(0))
        rows.append(("合计", points(weight), points(asked), points(card.deducted), points(card.score), ""))
        heads = ("一级指标", "权重", "请求扣分", "封顶后建议扣分", "建议得分", "得分示意")
        last = frozenset({len(rows) - 1})
        doc.add(table(heads, rows, (30, 16, 22, 29, 20, 39), right=frozenset({1, 2, 3, 4}), bold_rows=last))
        doc.add(paragraph("（一）重大扣分项", "PaperHead2"))
        for finding in paper.majors:
            d = finding.deficiency
            body(doc, f"{d.number}：{one_line(d.message)}。建议扣{points(finding.granted)}分。")
        if not paper.majors:
            body(doc, "未建议重大扣分。")
    else:
        body(doc, f"本次未能检测该单位网站，不评分、不排名，不作为问题，也不作为成绩。原因：{paper.reason}。")
        if paper.problems:
            body(doc, "下列问题来自不依赖网站抓取的检查（网站可用性探测、安全证书、新媒体账号）。")
    doc.add(paragraph("（二）与上次比较" if paper.inspected else "（一）与上次比较", "PaperHead2"))
    before = standing.previous
    if before is None:
        body(doc, "没有上次检查可比。")
        return
    said = f"上次（{before.run_id}）" + (
        f"建议得分{fixed(before.score)}分" if before.inspected else "未能检测"
    )
    kept = paper.count("standing") + paper.count("changed")
    said += f"。新增{paper.count('new')}项，仍存{kept}项，已改（本次在原处未再发现）{len(paper.gone)}项。"
    body(doc, said)
    if paper.gone:
        rows_gone = [
            (f.deficiency.number, one_line(f.deficiency.message), str(f.deficiency.last_at))
            for f in paper.gone
        ]
        doc.add(table(("问题编号", "已改（未再发现）的问题", "上次见到"), rows_gone, (36, 94, 26)))


def _level_row(section: SheetSection) -> tuple[str, ...]:
    if section.weight is None:
        return section.name, "—", points(section.asked), points(section.granted), "—", "不受封顶限制"
    score = section.weight - section.granted
    full = 10
    kept = int((score / section.weight * full).to_integral_value()) if section.weight else full
    if section.granted and kept == full:
        kept -= 1
    bar = "■" * kept + "□" * (full - kept)
    return (
        section.name,
        points(section.weight),
        points(section.asked),
        points(section.granted),
        points(score),
        bar,
    )


def _gaps(doc: Paper, paper: UnitPaper) -> None:
    doc.add(paragraph("五、未能检测", "PaperHead1"))
    if not paper.gaps:
        body(doc, "应查位置均已查看。")
        return
    body(doc, "没有看到，不等于没有：以下位置均不扣分。")
    rows = [
        (
            gap.place,
            one_line(gap.because) + (f"（未见链接{gap.unseen}个）" if gap.unseen else ""),
            "、".join(gap.affected) or "—",
            gap.ask,
        )
        for gap in paper.gaps
    ]
    doc.add(table(("位置", "原因", "未能进行的检查", "建议联系"), rows, (30, 46, 40, 40)))


def _annex_scores(doc: Paper, paper: UnitPaper) -> None:
    doc.add(paragraph("附1　指标评分表", "PaperHead1"))
    body(doc, f"{paper.table.title}。来源状态：{paper.source}。{paper.table.source}")
    if not paper.sections:
        body(doc, "本次未能检测，不评分。")
        return
    rows: list[tuple[str, ...]] = []
    sums = set()
    for section in paper.sections:
        for nth, line in enumerate(section.lines):
            rows.append((
                section.name if nth == 0 else "", line.path, "" if line.weight is None else points(line.weight),
                "；".join(part for part in (line.name, line.note) if part), line.counting, str(line.found or ""),
                points(line.asked) if line.found else "", "" if line.cap is None else points(line.cap),
                points(line.granted) if line.found else "",
            ))  # fmt: skip
        if section.over:
            rows.append(
                ("", "", "", "一级指标扣分不超过权重，调回", "", "", "", "", f"−{points(section.over)}")
            )
        sums.add(len(rows))
        weight = "—" if section.weight is None else points(section.weight)
        rows.append(
            (
                f"{section.name}小计",
                "",
                weight,
                "",
                "",
                "",
                points(section.asked),
                "",
                points(section.granted),
            )
        )
    sums.add(len(rows))
    asked = sum((section.asked for section in paper.sections), Decimal(0))
    rows.append(("合计", "", "", "", "", "", points(asked), "", points(paper.standing.scorecard.deducted)))
    heads = ("一级指标", "二、三级指标", "权重", "检查项", "计法", "数量", "请求扣分", "封顶", "建议扣分")
    widths = (28, 36, 13, 62, 28, 12, 16, 13, 17)
    doc.add(table(heads, rows, widths, right=frozenset({2, 5, 6, 7, 8}), bold_rows=frozenset(sums)))


def _annex_evidence(doc: Paper, paper: UnitPaper) -> None:
    pieces = evidence_list(paper)
    doc.add(paragraph("附2　证据清单", "PaperHead1"))
    if not pieces:
        body(doc, "没有证据需要列出。")
        return
    if len(pieces) > EVIDENCE_LISTED:
        body(doc, f"此处列{EVIDENCE_LISTED}条，全部{len(pieces)}条见同名表格文件“证据”表。")
    rows = [
        (
            f.deficiency.number,
            _linked(doc, e.url),
            beijing(e.captured_at),
            str(e.status or ""),
            Run(e.sha256, small=True),
        )
        for f, e in pieces[:EVIDENCE_LISTED]
    ]
    heads = ("问题编号", "网址", "抓取时间（北京时间）", "状态", "摘要值（SHA-256）")
    doc.add(table(heads, rows, (34, 86, 34, 13, 58)))


def _linked(doc: Paper, url: str) -> Run:
    return Run(one_line(url, 200), link=doc.link(url), small=True)
