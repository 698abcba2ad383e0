"""The command line speaks Chinese.

click marks its own words for gettext but ships no Chinese; gettext picks a language from the
environment, which on an office machine may say anything. So the few phrases a user can meet are
translated here and put in place of click's gettext function.
"""

from __future__ import annotations

import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.termui
import click.types

_WORDS = {
    "Usage:": "用法：",
    "Options": "选项",
    "Positional arguments": "参数",
    "Commands": "命令",
    "Aborted!": "已中断。",
    "Missing command.": "没有写命令。",
    "Error: {message}": "错误：{message}",
    "Try '{command} {option}' for help.": "运行 '{command} {option}' 看帮助。",
    "Invalid value: {message}": "值不对：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值不对：{message}",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "Missing {param_type}": "缺少 {param_type}",
    "Missing parameter: {param_name}": "缺少参数：{param_name}",
    "No such option {name!r}.": "没有选项 {name}。",
    "No such command {name!r}.": "没有命令 {name}。",
    "Option {name!r} does not take a value.": "选项 {name} 不带值。",
    "Option {name!r} requires an argument.": "选项 {name} 后面要写一个值。",
    "Choose from:\n\t{choices}": "可选：\n\t{choices}",
    "{value!r} is not a valid {number_type}.": "“{value}”不是数。",
    "{value} is not in the range {range}.": "{value} 不在 {range} 之内。",
    "Could not open file {filename!r}: {message}": "打不开文件 {filename}：{message}",
    "{name} {filename!r} does not exist.": "{name} {filename} 不存在。",
    "{name} {filename!r} is a file.": "{name} {filename} 是文件。",
    "{name} {filename!r} is a directory.": "{name} {filename} 是文件夹。",
    "{name} {filename!r} is not readable.": "{name} {filename} 不可读。",
    "{name} {filename!r} is not writable.": "{name} {filename} 不可写。",
    "file": "文件",
    "directory": "文件夹",
    "path": "路径",
    "default: {default}": "默认：{default}",
    "required": "必填",
    "Show this message and exit.": "显示这段帮助。",
    "Show the version and exit.": "显示版本。",
    "%(prog)s, version %(version)s": "%(prog)s 版本 %(version)s",
    "unknown error": "原因不明",
}


def _chinese(message: str) -> str:
    return _WORDS.get(message, message)


def _chinese_plural(singular: str, plural: str, count: int) -> str:
    plurals = {
        "{value!r} is not {choice}.": "“{value}”不是 {choice}。",
        "Did you mean {possibility}?": "是不是 {possibility}？",
        "(Did you mean one of: {possibilities}?)": "（是不是：{possibilities}？）",
        "{value!r} is not one of {choices}.": "“{value}”不在可选项 {choices} 之中。",
        "Got unexpected extra argument ({args})": "多了参数：{args}",
        "Got unexpected extra arguments ({args})": "多了参数：{args}",
    }
    chosen = singular if count == 1 else plural
    return plurals.get(chosen, _chinese(chosen))


def speak_chinese() -> None:
    """Put Chinese in place of click's own phrases, for this process."""
    for module in (
        click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.termui, click.types,
    ):  # fmt: skip
        for name, replacement in (("_", _chinese), ("ngettext", _chinese_plural)):
            if hasattr(module, name):
                setattr(module, name, replacement)
