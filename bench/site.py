"""A server of its own for the measurements, on a data folder of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent

SERVE = """
from granian import Granian
from granian.constants import Interfaces
Granian("bench.wsgi:application", address="127.0.0.1", port={port}, interface=Interfaces.WSGI,
        workers={workers}, blocking_threads={threads}, backpressure=256, websockets=False,
        blocking_threads_idle_timeout=600, log_access=False).serve()
"""


@contextmanager
def running(*, workers: int = 1, threads: int = 4) -> Iterator[str]:
    """The address of a started server; stopped afterwards."""
    port = _free_port()
    code = SERVE.format(port=port, workers=workers, threads=threads)
    server = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=dict(os.environ))
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(address: str) -> None:
    for _ in range(100):
        try:
            with urlopen(f"{address}/bare/", timeout=5) as answer:  # noqa: S310
                answer.read()
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not start")
