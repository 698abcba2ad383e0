"""The process in which files of strangers are taken apart: it can break, swell or hang, and nothing else does with it.

Run as `python -m dossier.reading.attached.worker`; it answers framed messages until its caller is gone.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from types import ModuleType
from typing import BinaryIO

import msgspec

from dossier.reading.attached.apart import ANSWER_BOUND, Asked, Limits, framed, unframed
from dossier.reading.attached.extract import extract
from dossier.reading.attached.said import Said


def main() -> None:
    """Serves one caller through the pipes it was given; what a parser prints goes nowhere."""
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    logging.disable(logging.CRITICAL)
    limits = bounded(Limits())
    framed(answers, msgspec.msgpack.encode(limits))
    serve(asked, answers, limits)


def serve(asked: BinaryIO, answers: BinaryIO, limits: Limits) -> None:
    while (message := unframed(asked)) is not None:
        question = msgspec.msgpack.decode(message, type=Asked)
        _grant_cpu(limits, question.cpu_seconds)
        said = extract(question.body, question.name, question.content_type)
        answer = msgspec.msgpack.encode(said)
        if len(answer) > ANSWER_BOUND:
            answer = msgspec.msgpack.encode(Said(fault="too-costly"))
        del question, message, said
        framed(answers, answer)


def bounded(limits: Limits) -> Limits:
    """Takes the limits upon itself, as far as this system has them; returns those that hold."""
    system = _resource()
    if system is None:
        return Limits(memory_bytes=0, cpu=False)
    memory = limits.memory_bytes
    try:
        system.setrlimit(system.RLIMIT_AS, (memory, memory))
    except (ValueError, OSError):
        memory = 0
    if sys.platform == "darwin":
        memory = 0  # accepted there, and not held to
    for name, value in (("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", 0), ("RLIMIT_NOFILE", 64)):
        with contextlib.suppress(ValueError, OSError, AttributeError):
            system.setrlimit(getattr(system, name), (value, value))
    return Limits(memory_bytes=memory, cpu=hasattr(system, "RLIMIT_CPU"))


def _grant_cpu(limits: Limits, seconds: float) -> None:
    """So much of the processor for the next file; beyond it the system ends this process."""
    system = _resource()
    if system is None or not limits.cpu:
        return
    spent = system.getrusage(system.RUSAGE_SELF)
    until = int(spent.ru_utime + spent.ru_stime + seconds) + 1
    with contextlib.suppress(ValueError, OSError):
        system.setrlimit(system.RLIMIT_CPU, (until, system.getrlimit(system.RLIMIT_CPU)[1]))


def _resource() -> ModuleType | None:
    try:
        import resource
    except ImportError:
        return None
    return resource


if __name__ == "__main__":
    main()
