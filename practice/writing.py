"""Offices write in set phrases; this is a small grammar of them."""

from __future__ import annotations

from datetime import date
from random import Random

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "志明|建国|晓梅|文军|海燕|永强|丽华|国栋|秀英|俊杰|春生|晓东|慧敏|振华|立新|雪峰|志远|红霞|保平|卫东"
PLACES = "北川县|河阳县|柳泉区|东屏县|双井区|古塘县|龙湾区|新桥县|玉泉县|沙坪区|长岭县|石桥区"
STREETS = "滨河路|文化街|建设大街|府前街|解放路|桃园路|新华街|迎春街"
DEEDS = "推进|深化|加快|强化|规范|统筹推进|扎实开展|持续抓好"
MEETINGS = "召开工作推进会|举办业务培训班|开展专项督导检查|组织现场观摩|部署下半年重点任务|开展集中宣传活动|召开座谈会听取意见|开展联合执法行动"
RESULTS = "取得阶段性成效|惠及基层群众|迈出新步伐|经验做法获推广|进入全面实施阶段|得到群众好评"
POLICY_FORMS = "实施办法|管理办法|实施意见|工作方案|实施细则|若干措施|管理规定|三年规划"
NOTICE_FORMS = (
    "关于{t}项目申报的通知|关于公布{t}名单的公告|关于{t}有关事项的公示|关于举办{t}培训班的通知|"
    "关于征求{t}工作意见的公告|关于{t}检查结果的通告|关于调整{t}服务时间的通告|关于开展{t}自查工作的通知"
)
OPENINGS = (
    "为贯彻落实省委、省政府决策部署，进一步做好{t}工作，结合实际，制定本{f}。",
    "根据国家有关规定和年度工作安排，现就{t}有关工作明确如下。",
    "为规范{t}工作流程，提高服务质量，保障群众合法权益，依据有关法律法规，制定本{f}。",
)
CLAUSES = (
    "各有关单位应当建立健全{t}工作台账，明确责任科室和完成时限，每季度末报送进展情况。",
    "坚持问题导向，聚焦群众反映集中的事项，对{t}中的薄弱环节逐项列出清单、逐项销号。",
    "加强资金保障，{t}所需经费纳入年度部门预算，专款专用，接受财政和审计监督。",
    "各县（市、区）主管部门负责本行政区域内{t}的组织实施，确保各项任务落到实处。",
    "建立信息共享机制，推动{t}数据在线汇聚，减少重复填报，切实减轻基层负担。",
    "对{t}成效明显的地方和单位予以通报表扬，对工作滞后、弄虚作假的依规追究责任。",
    "鼓励社会力量参与{t}，通过政府购买服务等方式引入专业机构，提升专业化水平。",
    "申请材料齐全、符合法定形式的，应当当场受理；需要补正的，应当一次性告知全部内容。",
    "充分运用报纸、广播、网站等渠道宣传{t}政策，做到家喻户晓，提高群众知晓率。",
    "建立{t}专家库，组织开展实地调研和第三方评估，评估结果作为完善制度的重要参考。",
    "严格落实安全责任，定期开展{t}风险排查，发现隐患立即整改并跟踪复查。",
    "年底前对{t}任务完成情况开展总结评价，形成可复制可推广的经验。",
)
NEWS = (
    "{d}，{u}组织召开{t}专题会议，传达有关会议精神，听取各单位工作汇报，研究下一步措施。",
    "会议指出，今年以来，各级各部门密切配合，{t}各项指标稳步向好，群众满意度持续提升。",
    "会议强调，要坚持以人民为中心，把{t}摆在突出位置，细化任务分工，压实工作责任。",
    "随后，工作组深入{p}的项目现场，实地查看{t}进展，与基层干部和群众代表交流。",
    "截至目前，全年{t}任务已完成百分之{n}，比去年同期提高{m}个百分点。",
    "{p}有关负责人表示，将以此次活动为契机，补齐短板，推动{t}再上新台阶。",
    "参会代表围绕{t}中的难点问题进行了深入讨论，提出意见建议{n}条。",
    "下一步，{u}将继续完善工作机制，加强业务指导，确保{t}各项部署落地见效。",
)
READING = (
    "{t}关系群众切身利益。近年来，各地进行了积极探索，但还存在标准不统一、流程不清晰等问题，亟需制度规范。",
    "起草过程中，先后到{p}等地开展调研，召开座谈会{m}次，书面征求了有关部门和社会公众意见。",
    "文件共分{m}个部分，分别对适用范围、工作原则、主要任务、保障措施和监督检查作出安排。",
    "与以往相比，主要有三处变化：一是扩大了适用范围，二是压缩了办理时限，三是明确了监督渠道。",
    "群众最关心的是怎么办、找谁办。文件明确由各县（市、区）主管部门受理，并公开咨询电话。",
    "为保证政策落地，文件要求建立定期调度、跟踪问效和结果公开的机制，欢迎社会各界监督。",
)


def pick(dice: Random, words: str) -> str:
    return dice.choice(words.split("|"))


def person(dice: Random) -> str:
    return dice.choice(SURNAMES) + pick(dice, GIVEN)


def chinese_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def unique(used: set[str], title: str, dice: Random) -> str:
    """A title that no other page of the site bears."""
    made, n = title, 1
    while made in used:
        n += 1
        made = f"{title}（{pick(dice, PLACES)}）" if n < 4 else f"{title}（第{n}批）"
    used.add(made)
    return made


def news_title(dice: Random, unit: str, topic: str) -> str:
    shape = dice.randrange(5)
    if shape == 0:
        return f"{unit}{pick(dice, MEETINGS)} {pick(dice, DEEDS)}{topic}"
    if shape == 1:
        return f"{pick(dice, PLACES)}：{topic}工作{pick(dice, RESULTS)}"
    if shape == 2:
        return f"{pick(dice, PLACES)}{pick(dice, DEEDS)}{topic} {pick(dice, RESULTS)}"
    if shape == 3:
        return f"聚焦{topic} {pick(dice, PLACES)}{pick(dice, MEETINGS)}"
    return f"{unit}调研组赴{pick(dice, PLACES)}开展{topic}工作调研"


def notice_title(dice: Random, unit: str, topic: str) -> str:
    return unit + pick(dice, NOTICE_FORMS).format(t=topic)


def fill(
    sentence: str, dice: Random, topic: str, unit: str, day: date | None = None, form: str = "办法"
) -> str:
    return sentence.format(
        t=topic,
        f=form,
        u=unit,
        p=pick(dice, PLACES),
        n=dice.randrange(41, 97),
        m=dice.randrange(3, 9),
        d=f"{day.month}月{day.day}日" if day else "近日",
    )


def document_text(dice: Random, topic: str, unit: str, form: str) -> list[str]:
    """The body of a policy document, clause by clause."""
    clauses = dice.sample(CLAUSES, 6)
    signs = "一二三四五六"
    body = ["各县（市、区）人民政府，各有关单位：", fill(dice.choice(OPENINGS), dice, topic, unit, form=form)]
    for n, clause in enumerate(clauses):
        extra = fill(dice.choice(CLAUSES), dice, dice.choice((topic, topic + "配套")), unit)
        body.append(f"{signs[n]}、" + fill(clause, dice, topic, unit) + extra)
    return body


def news_text(dice: Random, topic: str, unit: str, day: date | None) -> list[str]:
    return [fill(s, dice, topic, unit, day) for s in [NEWS[0], *dice.sample(NEWS[1:], 4)]]


def notice_text(dice: Random, topic: str, unit: str) -> list[str]:
    body = ["各有关单位：", f"为做好{topic}工作，现将有关事项公布如下。"]
    return body + [fill(s, dice, topic, unit) for s in dice.sample(CLAUSES, 3)] + ["特此公布。"]


def reading_text(dice: Random, topic: str, unit: str, of: str) -> list[str]:
    heads = ("一、起草背景", "二、起草过程", "三、主要内容", "四、新旧差异", "五、办理渠道", "六、保障措施")
    body = [f"近日，{unit}印发了《{of}》。现就有关内容解读如下。"]
    for head, sentence in zip(heads, READING, strict=True):
        body += [head, fill(sentence, dice, topic, unit)]
    return body
