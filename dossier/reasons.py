"""Machine reasons of a capture, in the words of a report."""

from __future__ import annotations

NOBODY_SEEN = "本机网络不通，本次没有检查到任何单位，不作为依据。"
"""What a unit is told on a night when nobody could be reached."""
_EXACT = {
    "timeout": "超时",
    "dns": "域名不能解析",
    "refused-connection": "连接被拒绝",
    "reset": "连接被中断",
    "connection": "连接失败",
    "proxy": "代理没有接通",
    "portal": "本机网络的认证页代为应答",
    "tls": "加密连接失败",
    "tls-expired": "证书过期",
    "tls-untrusted": "证书不受信任",
    "tls-name": "证书与域名不符",
    "too-large": "内容过大",
    "incomplete": "内容不完整",
    "redirect-loop": "跳转循环",
    "empty": "内容为空",
    "wrong-type": "内容类型不对",
    "error-page": "显示出错页",
    "robots": "robots.txt 不允许",
    "bad-address": "网址不合格",
    "sent-home": "跳回首页",
    "was-there": "以前看得到，这次是空白页或跳到了别处",
}
_CHALLENGES = {"captcha": "验证码", "jsl": "加速乐", "ruishu": "瑞数", "wzws": "网站卫士", "waf": "防火墙"}


def in_words(reason: str) -> str:
    """`challenge:jsl` → 加速乐防护; a reason without words of its own is given as it is."""
    if reason in _EXACT:
        return _EXACT[reason]
    head, _, rest = reason.partition(":")
    if head == "challenge":
        return f"{_CHALLENGES.get(rest, rest)}防护" if rest != "captcha" else "要求输入验证码"
    if head.startswith("status-"):
        return f"状态码 {head.removeprefix('status-')}"
    if head == "soft-404":
        return "显示页面不存在"
    return reason
