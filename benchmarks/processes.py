"""What processes use: the processor time and the memory of one and of all that it has started. Linux only."""

import os
import resource
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def processor_s(*process_ids: int) -> float:
    """Give the seconds of processor time that processes, and those below them, have used."""
    return sum(_used_s(each) for each in _trees(process_ids))


def resident_mb(*process_ids: int) -> float:
    """Give the resident memory of processes and of those below them; what they share counts for each."""
    pages = sum(int(_read(each, "statm").split()[1]) for each in _trees(process_ids))
    return pages * resource.getpagesize() / 1e6


def _trees(process_ids: "tuple[int, ...]") -> "Iterator[int]":
    for each in process_ids:
        yield each
        yield from _trees(tuple(int(child) for child in _read(each, f"task/{each}/children").split()))


def _used_s(process_id: int) -> float:
    fields = _read(process_id, "stat").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _read(process_id: int, name: str) -> str:
    return Path(f"/proc/{process_id}/{name}").read_text(encoding="ascii", errors="replace")
