"""The handbook is written from what runs: `scripts/docs.py` writes docs, `--check` fails when they are stale.

Each section is a function from nothing to {path below docs/: text}. To add one (a command reference,
the pages of the file formats), write such a function and list it in SECTIONS.
"""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import cast

import click

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from checks.engine import AREA_NAMES  # noqa: E402 - the repository's root must be on the path first
from checks.registry import RULES, RuleModule  # noqa: E402
from desk.cli import registered  # noqa: E402
from dossier.model import Claim, Severity, Topic  # noqa: E402
from dossier.settings import known_keys  # noqa: E402
from dossier.store import described  # noqa: E402

DOCS = ROOT / "docs"
GENERATED = "<!-- 由 scripts/docs.py 生成，请勿手改 -->"

SEVERITIES: Mapping[Severity, str] = {
    Severity.MAJOR: "重大",
    Severity.NORMAL: "一般",
    Severity.MINOR: "轻微",
}
CLAIMS: Mapping[Claim, str] = {
    Claim.PRESENCE: "出现了不该有的",
    Claim.ABSENCE: "缺少应当有的（没有看全时只提示人工核对）",
}

Section = Callable[[], Mapping[str, str]]


def rule_pages() -> Mapping[str, str]:
    """One page for each rule, and the table of all."""
    pages = {f"rules/{module.RULE.id}.md": _rule_page(module) for module in RULES}
    pages["rules/README.md"] = _rule_table()
    return pages


def _rule_page(module: RuleModule) -> str:
    rule = module.RULE
    source = cast(ModuleType, module)
    text = inspect.cleandoc(source.__doc__ or "")
    summary, _, body = text.partition("\n")
    needs = "、".join(AREA_NAMES[area] for area in rule.needs) or "无"
    path = Path(source.__file__ or "").relative_to(ROOT)
    lines = [
        GENERATED,
        f"# {rule.name}",
        "",
        summary,
        "",
        "| 项目 | 内容 |",
        "|---|---|",
        f"| 编号 | `{rule.id}` |",
        f"| 类别 | {rule.topic.value} |",
        f"| 程度 | {SEVERITIES[rule.severity]} |",
        f"| 性质 | {CLAIMS[rule.claim]} |",
        f"| 须先看全 | {needs} |",
        f"| 依据 | {'；'.join(rule.basis)} |",
        f"| 始于版本 | {rule.since} |",
        f"| 源文件 | [{path.as_posix()}](../../{path.as_posix()}) |",
        f"| 案例 | [tests/cases/{rule.id}](../../tests/cases/{rule.id}) |",
        "",
        *body.strip().splitlines(),
        "",
        "## 报告中的写法",
        *(f"- {message}" for message in rule.messages.values()),
        "",
        "## 整改意见",
        rule.remedy,
        "",
    ]
    return "\n".join(lines)


def _rule_table() -> str:
    lines = [GENERATED, "# 检查规则目录", "", f"共 {len(RULES)} 条规则。", ""]
    for topic in Topic:
        of_topic = [module.RULE for module in RULES if module.RULE.topic is topic]
        if not of_topic:
            continue
        lines += [f"## {topic.value}", "", "| 编号 | 名称 | 程度 | 依据 |", "|---|---|---|---|"]
        lines += [
            f"| [{rule.id}]({rule.id}.md) | {rule.name} | {SEVERITIES[rule.severity]} | {'；'.join(rule.basis)} |"
            for rule in of_topic
        ]
        lines.append("")
    return "\n".join(lines)


def reference_pages() -> Mapping[str, str]:
    """The command line and the settings, as the program itself tells them."""
    return {"cli.md": _cli_page(), "schema.md": _schema_page()}


def _schema_page() -> str:
    lines = [
        GENERATED,
        "# Database",
        "",
        "`data/gongkai.db` as a new installation has it. Only `dossier/store` reads and writes it; what the machine",
        "found can be built again from the files of the runs, what people decided is only ever added to.",
    ]
    for name, sql in described():
        lines += ["", f"## {name}", "", "```sql", inspect.cleandoc(sql), "```"]
    return "\n".join([*lines, ""])


def _cli_page() -> str:
    group = registered()
    lines = [GENERATED, "# 命令参考", "", "每条命令都接受的选项：", ""]
    common = {option.name for option in group.params}
    lines += [_option(option) for option in group.params if isinstance(option, click.Option)]
    for name, command in sorted(_flat(group, "gongkai")):
        arguments = " ".join(
            one.make_metavar(click.Context(command))
            for one in command.params
            if isinstance(one, click.Argument)
        )
        lines += ["", f"## `{f'{name} {arguments}'.strip()}`", "", inspect.cleandoc(command.help or "")]
        own = [one for one in command.params if isinstance(one, click.Option) and one.name not in common]
        lines += ["", *(_option(option) for option in own)] if own else []
    lines += ["", "## settings.toml 的键", "", "| 键 | 类型 |", "|---|---|"]
    lines += [f"| `{key}` | {getattr(kind, '__name__', kind)} |" for key, kind in known_keys().items()]
    return "\n".join([*lines, ""])


def _flat(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _flat(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def _option(option: click.Option) -> str:
    metavar = f" {option.metavar}" if option.metavar else ""
    return f"- `{'`、`'.join(option.opts)}{metavar}`：{option.help or ''}"


SECTIONS: tuple[tuple[str, Section], ...] = (("rules", rule_pages), ("", reference_pages))
"""(folder below docs/ that the section owns, what writes it): files in an owned folder that nobody wrote are stale."""


def stale(written: Mapping[str, str], owned: tuple[str, ...]) -> Iterator[str]:
    """Every file that is not as it would be written, or that nobody writes any more."""
    for path, text in written.items():
        file = DOCS / path
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            yield path
    for folder in owned:
        for file in sorted((DOCS / folder).glob("*.md")):
            path = file.relative_to(DOCS).as_posix()
            if path not in written and file.read_text(encoding="utf-8").startswith(GENERATED):
                yield path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when something is stale")
    check: bool = parser.parse_args().check
    written = {path: text for _, section in SECTIONS for path, text in section().items()}
    old = list(stale(written, tuple(folder for folder, _ in SECTIONS)))
    if check:
        for path in old:
            sys.stderr.write(f"docs/{path} 已过时，请运行 python scripts/docs.py\n")
        return 1 if old else 0
    for path in old:
        file = DOCS / path
        if path in written:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(written[path], encoding="utf-8")
        else:
            file.unlink()
    sys.stdout.write(f"docs：{len(written)} 个文件，更新 {len(old)} 个\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
