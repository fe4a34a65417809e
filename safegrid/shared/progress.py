"""Says on the terminal what is going on, when it takes longer than people like to wonder."""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Thing = TypeVar("Thing")


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print the title, then the seconds it took."""
    started = time.monotonic()
    print(f"· {title} …", end="", flush=True)
    yield
    print(f" {time.monotonic() - started:.1f}秒", flush=True)


def counted(title: str, things: Iterable[Thing], total: int) -> Iterator[Thing]:
    """Pass the things on, showing how many of `total` are done, at most twice a second."""
    shown, started = 0.0, time.monotonic()
    for done, thing in enumerate(things, 1):
        yield thing
        if time.monotonic() - shown > 0.5 or done == total:
            shown = time.monotonic()
            end = "\r" if sys.stdout.isatty() and done < total else "\n"
            if sys.stdout.isatty() or done == total or done % max(total // 6, 1) == 0:
                print(f"· {title} {done}/{total}，{shown - started:.0f}秒", end=end, flush=True)
