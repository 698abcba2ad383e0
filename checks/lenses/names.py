"""The name of a person is a surname and one or two characters more; a post beside it is not enough."""

from __future__ import annotations

import re

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍"
    "涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑"
    "景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官"
    "封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴"
    "丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕"
    "危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由"
)
_SURNAME = frozenset(_SURNAMES)
_WORK = re.compile(
    r"^(?:来源|发布|主持|分管|分工|负责|协助|联系|领导|工作|全面|简历|信箱|办公|活动|成员|党组|党委|主管|承担|组织|贯彻|简介|职务|姓名|照片|"
    r"之窗|讲话|致辞|动态|介绍|信息|热线|接待|公开|全局|全市|日常|机关|综合|业务|财务|行政|有关|相关|其他|方面|政府|市政|主要|常务|"
    r"更多|查看|点击|相片|排名|以上|公安|安全|和副|及副|和其|计划|应急|应当|路线|平安|国家|国土|信访|时间|明确|强化|关于|成立|文化|文明|商务|金融|农业|农村|海洋|司法)"
)
"""What follows a post in place of a name: the work, or another heading."""


def may_be_name(words: str) -> bool:
    """Whether two to four characters may be a person's name: begun by no word of work."""
    return bool(words) and not _WORK.match(words)


def is_name(words: str) -> bool:
    """Whether two to four characters surely read as a person's name."""
    return may_be_name(words) and 2 <= len(words) <= 4 and words[0] in _SURNAME
