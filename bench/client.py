"""A small load client: keep-alive connections, one thread each, times in milliseconds."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

Request = tuple[str, str, bytes | None, dict[str, str]]


@dataclass(frozen=True)
class Figures:
    """Rates are per second, times milliseconds."""

    count: int
    rate: float
    median: float
    p95: float
    worst: float


def run(
    site: str, requests: Callable[[int], Request], *, count: int, clients: int = 2, ok: int = 200
) -> Figures:
    """Send `count` requests over `clients` connections; any other status than `ok` stops it."""
    times: list[list[float]] = [[] for _ in range(clients)]
    errors: list[str] = []

    def client(number: int) -> None:
        link = http.client.HTTPConnection(urlsplit(site).netloc, timeout=60)
        for serial in range(number, count, clients):
            method, path, body, headers = requests(serial)
            started = time.perf_counter()
            link.request(method, path, body, headers)
            answer = link.getresponse()
            data = answer.read()
            times[number].append((time.perf_counter() - started) * 1000)
            if answer.status != ok:
                errors.append(f"{path}: {answer.status} {data[:200]!r}")
                return
        link.close()

    started = time.perf_counter()
    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    passed = time.perf_counter() - started
    if errors:
        raise RuntimeError(errors[0])
    return figures([one for some in times for one in some], passed)


def figures(times: list[float], passed: float) -> Figures:
    ordered = sorted(times)
    return Figures(
        len(ordered),
        len(ordered) / passed,
        statistics.median(ordered),
        ordered[max(0, round(len(ordered) * 0.95) - 1)],
        ordered[-1],
    )
