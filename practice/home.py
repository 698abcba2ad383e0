"""A home folder of the practice province: the list of sites, the units' own document lists, the truth."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from practice import files
from practice.model import ListedRow, Site
from practice.province import Province

COLUMNS = (
    "unit_id",
    "class",
    "short_name",
    "full_name",
    "channel",
    "name",
    "url",
    "account_id",
    "site_code",
    "extra_hosts",
    "min_pages",
    "robots",
    "active_from",
    "active_until",
    "source",
    "note",
)
LIST_HEAD = [
    "公文全称",
    "文号",
    "公开属性",
    "牵头起草部门",
    "主动公开公文链接",
    "解读文件链接",
    "是否为非纯文字解读",
]


EVIDENCE_HEAD = [
    "单位编号", "平台", "账号标识", "账号名称", "认证主体", "查看时间", "最新发布时间", "截图", "查看人", "备注",
]  # fmt: skip


def site_rows(site: Site) -> list[dict[str, str]]:
    """A unit's rows of unit_sites.csv."""
    unit = site.unit
    common = {"unit_id": unit.unit_id, "class": unit.unit_class, "short_name": unit.short_name}
    common |= {"full_name": unit.full_name, "robots": "obey", "source": "练习省"}
    url = f"http://{unit.domain}/" if site.bare_redirect else site.home
    url = f"https://{site.host}/" if site.tls else url
    first = {
        "channel": "website",
        "name": unit.full_name + ("门户网站" if unit.unit_class == "A" else ""),
        "url": "" if site.access == "no-address" else url,
        "site_code": unit.code,
        "extra_hosts": " ".join(
            h for h in dict.fromkeys((site.host, site.platform_host)) if f"//{h}/" not in url
        ),
        "min_pages": "20",
    }
    rows = [common | first]
    for account in site.accounts:
        row = {
            "channel": account.channel,
            "name": account.name,
            "url": account.url,
            "account_id": account.account_id,
        }
        rows.append(common | row | {"min_pages": ""})
    return rows


def write_home(province: Province, folder: Path, proxy: str = "") -> None:
    """Write unit_sites.csv, truth.jsonl, lists/<unit>.xlsx or .csv, evidence/<channel>.xlsx, and with a proxy
    settings.toml. The truth is that of an inspector to whom the lists and the evidence were handed."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "unit_sites.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, restval="")
        writer.writeheader()
        for site in province.sites.values():
            writer.writerows(site_rows(site))
    write_truth(province, folder / "truth.jsonl")
    for site in province.sites.values():
        if site.listed is not None:
            (folder / "lists").mkdir(exist_ok=True)
            write_list(
                site.listed, folder / "lists" / site.unit.unit_id, site.dice("list-form").random() < 0.3
            )
    write_evidence(province, folder / "evidence")
    if proxy:
        (folder / "settings.toml").write_text(f'[crawl]\nproxy = "{proxy}"\n', encoding="utf-8")


def write_truth(province: Province, path: Path) -> None:
    lines = [json.dumps(asdict(row), ensure_ascii=False) for row in province.truth]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_evidence(province: Province, folder: Path) -> None:
    """What an assessor saw of accounts that no program may read, the day before, with a picture of each."""
    seen = [
        (site, account) for site in province.sites.values() for account in site.accounts if account.by_hand
    ]
    if not seen:
        return
    folder.mkdir(exist_ok=True)
    rows = [EVIDENCE_HEAD]
    eve = province.as_of - timedelta(days=1)
    looked = f"{eve} 15:30"
    for site, account in seen:
        name = f"{site.unit.unit_id}-{account.channel}.png"
        (folder / name).write_bytes(files.picture(f"{account.account_id} {looked}"))
        newest = max(day for day, _ in account.posts if day <= eve)
        channel = {"wechat": "微信公众号"}.get(account.channel, account.channel)
        rows.append(
            [
                *(site.unit.unit_id, channel, account.account_id, account.shown_name, account.certified),
                *(looked, f"{newest} 09:00", name, "评估员甲", ""),
            ]
        )
    (folder / "accounts.xlsx").write_bytes(files.workbook("人工核查", rows))


def write_list(rows: list[ListedRow], stem: Path, as_csv: bool) -> None:
    """A unit's own document list as offices deliver it: a workbook with hyperlinks, sometimes a csv."""
    table = [[r.title, r.number, r.disclosure, r.drafter, r.url, r.interpretation, r.non_text] for r in rows]
    if as_csv:
        with stem.with_suffix(".csv").open("w", encoding="utf-8-sig", newline="") as out:
            csv.writer(out).writerows([LIST_HEAD, *table])
    else:
        stem.with_suffix(".xlsx").write_bytes(files.workbook("公文列表", [LIST_HEAD, *table]))
