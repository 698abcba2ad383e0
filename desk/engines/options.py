"""The options of a command that crawls: where it does so."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click

from desk.engines import NAMES
from desk.installation import Installation


def engine_options(function: Callable[..., int]) -> Callable[..., int]:
    """`--engine`, `--scheduler` and `--share`: short for the settings of the same names."""

    @click.option(
        "--engine", "engine", type=click.Choice(NAMES), help="在哪里抓取：local 本机进程，dask 集群"
    )
    @click.option("--scheduler", "scheduler", metavar="tcp://主机:8786", help="Dask 调度器的地址")
    @click.option(
        "--share",
        "share",
        metavar="位置",
        help="抓取结果经由哪里送回（fsspec 地址，如 s3://桶/目录）；不写表示各机都能看到同一个家目录",
    )
    @functools.wraps(function)
    def with_engine(
        installation: Installation,
        *args: Any,
        engine: str | None,
        scheduler: str | None,
        share: str | None,
        **kwargs: Any,
    ) -> int:
        given = {"name": engine, "scheduler": scheduler, "share": share}
        added = tuple(f"engine.{key}={value}" for key, value in given.items() if value)
        return function(replace(installation, overrides=(*installation.overrides, *added)), *args, **kwargs)  # fmt: skip

    return with_engine
