"""The last night's facts in Datasette: questions ready to ask, nothing to write, nothing that people wrote.

Datasette is an optional extra (`pip install gongkai[explore]`); it serves a copy that holds only allowed tables
(desk/facts_copy.py), opened as an immutable file, on this machine alone.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from desk.facts_copy import TABLES
from dossier.errors import BadInput, Problem

HOST = "127.0.0.1"
NAMES = frozenset({"127.0.0.1", "localhost"})
"""Names under which the page may be asked; any other name is a page elsewhere that points here."""
UNIT_HINT = "unit 填单位编号（如 A01），不填就是全部单位。"

QUERIES: dict[str, dict[str, str]] = {
    "dead-links": {
        "title": "一个单位打不开的链接",
        "description": f"末次打开不成的链接，和它所在的网页。{UNIT_HINT}被拦截、没响应不等于失效。",
        "sql": "select 单位, 网址, 链接文字, 所在网页, 结果, 原因, 试过几次 from 链接不通 "
        "where (:unit = '' or 单位 = :unit) order by 单位, 结果, 网址",
    },
    "changed-pages": {
        "title": "与上一夜相比有变化的网页",
        "description": f"内容有变化的和新看到的网页。{UNIT_HINT}",
        "sql": "select 单位, 与上一夜, 标题, 种类, 发布日期, 网址 from 网页 "
        "where 与上一夜 in ('新看到', '有变化') and (:unit = '' or 单位 = :unit) order by 单位, 与上一夜, 网址",
    },
    "documents-without-interpretation": {
        "title": "没有解读链接的公文",
        "description": f"公文页上没有指向解读的链接，也没有哪篇解读指回它。只说链接，不是判断：有的公文本来不用解读。{UNIT_HINT}",
        "sql": "select 单位, 标题, 文号, 发布日期, 网址 from 网页 where 种类 = '公文' "
        "and (:unit = '' or 单位 = :unit) and not exists (select 1 from 解读关系 "
        "where 解读关系.单位 = 网页.单位 and 解读关系.公文网址 = 网页.网址) order by 单位, 发布日期 desc",
    },
    "accounts-not-seen": {
        "title": "没有看到内容的新媒体账号",
        "description": "昨夜没能看到内容的账号和原因；没看到不等于没更新。",
        "sql": "select 单位, 渠道, 账号, 网址, 情况, 说明 from 新媒体 "
        "where 情况 not in ('打开了', '打开了，没有内容') order by 单位, 渠道",
    },
    "blocked-hosts": {
        "title": "受阻的主机，按原因",
        "description": "被拦截、拒绝、没响应、出错的抓取，按主机和原因计数；要协调放行时看这张表。",
        "sql": "select 单位, 主机, 结果, 原因, count(*) as 次数 from 抓取 "
        "where 结果 in ('被访问验证拦截', '拒绝访问', '没有响应', '服务器出错', '网站声明不允许自动访问') "
        "group by 单位, 主机, 结果, 原因 order by 次数 desc",
    },
}
DESCRIPTIONS = {
    "批次": "这份副本来自哪一夜。",
    "单位": "每个单位昨夜的情况。",
    "抓取": "昨夜的每一次抓取，打不开的也在内。",
    "网页": "读过的每一个网页上写着什么（不含正文）。",
    "链接不通": "末次打开不成的链接和它所在的网页。",
    "解读关系": "公文和解读互相指着的链接。",
    "新媒体": "登记的新媒体账号昨夜看到了什么。",
    "查看范围": "每个单位的每个部分看了多少。",
    "没看到": "知道有、但没有看到的网址和原因。",
}
SETTINGS = {
    "allow_download": False,
    "suggest_facets": False,
    "default_page_size": 100,
    "max_returned_rows": 2000,
    "sql_time_limit_ms": 5000,
    "default_cache_ttl": 0,
}


def must_be_installed() -> None:
    """Refuse in words where the optional extra is not there."""
    if find_spec("datasette") is None or find_spec("uvicorn") is None:
        raise BadInput(
            [Problem("explore", "没有安装查看工具 Datasette", "请执行 pip install 'gongkai[explore]' 后再试")]
        )


def metadata(name: str, run_id: str) -> dict[str, Any]:
    """What Datasette shows beside the tables, in Chinese."""
    return {
        "title": "昨夜看到的事实",
        "description": f"批次 {run_id} 的只读副本：只有网站上看到的事实，没有机器的判断、人的决定和用户。停掉命令副本就删除。",
        "databases": {
            name: {
                "description": "下面是现成的问题；也可以自己写 SQL（只读）。",
                "queries": {key: {**query, "hide_sql": True} for key, query in QUERIES.items()},
                "tables": {table: {"description": DESCRIPTIONS[table]} for table in TABLES},
            }
        },
    }


Scope = MutableMapping[str, Any]
App = Callable[[Scope, Callable[..., Awaitable[Any]], Callable[..., Awaitable[Any]]], Awaitable[None]]


def application(path: Path, run_id: str) -> App:
    """The Datasette application over one copy."""
    # The optional extra; its plug-ins find one another only in this order.
    from datasette.app import Datasette  # isort: skip
    from datasette import handle_exception  # isort: skip

    # Where Rich is installed, Datasette prints every wrong question as a page of traceback with all its locals,
    # and breaks on a 404.
    handle_exception.rich = None
    shown = Datasette(
        files=[], immutables=[str(path)], metadata=metadata(path.stem, run_id), settings=SETTINGS,
        inspect_data=None, cors=False, crossdb=False,
    )  # fmt: skip
    import asyncio

    asyncio.run(shown.invoke_startup())
    return _only_by_its_own_name(shown.app())


def serve(app: App, port: int, said: Callable[[str], None]) -> None:
    """Serve on this machine alone until Ctrl-C; `said` hears the address."""
    import uvicorn  # comes with the optional extra

    try:
        listening = socket.create_server((HOST, port))
    except OSError as error:
        raise BadInput(
            [Problem("--port", f"端口 {port} 用不了（{error.strerror}）", "请换一个端口，如 --port 8081")]
        ) from error
    with listening:
        said(f"http://{HOST}:{listening.getsockname()[1]}/")
        config = uvicorn.Config(app, log_level="warning", lifespan="on", server_header=False)
        with contextlib.suppress(KeyboardInterrupt):  # it stops in order first, then passes the signal on
            uvicorn.Server(config).run(sockets=[listening])


def _only_by_its_own_name(app: App) -> App:
    """A page elsewhere whose name is made to point at this machine gets nothing."""

    async def guarded(scope: Scope, receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        if scope["type"] == "http":
            asked = dict(scope["headers"]).get(b"host", b"").decode("latin-1").partition(":")[0].lower()
            if asked not in NAMES:
                await send(
                    {"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain; charset=utf-8")]}
                )  # fmt: skip
                await send({"type": "http.response.body", "body": "只能在本机打开。".encode()})
                return
        await app(scope, receive, send)

    return guarded
