"""Starting: the database brought up to date, content loaded, the web server and its worker."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections, connection

from safegrid.config import checks
from safegrid.shared import progress

log = logging.getLogger(__name__)
WEB_THREADS = int(os.environ.get("WEB_THREADS", "4"))
WEB_WORKERS = int(os.environ.get("WEB_WORKERS", "1"))
BEAT = 1.0


def serve(host: str, port: int) -> int:
    """Prepare, then serve until stopped; the worker is a second process."""
    prepare()
    if not settings.IS_DEMO and checks.report():
        print("先改好上面必须改的，再启动。")
        return 1
    _load_demo_when_empty()
    with progress.step("整理网页文件"):
        call_command("collectstatic", verbosity=0, interactive=False)
    connection.close()
    worker = subprocess.Popen([sys.executable, "-m", "safegrid", "worker"])
    try:
        print(f"\n安网已就绪：http://{host}:{port}/\n停止按 Ctrl+C\n", flush=True)
        _web(host, port)
    finally:
        worker.terminate()
        worker.wait(timeout=20)
    return 0


def prepare() -> None:
    """Migrations and the packaged content; both do nothing when already done."""
    with progress.step("更新数据库"):
        call_command("migrate", verbosity=0, interactive=False)
    with progress.step("装入法规、清单、场所类别和责任条线"):
        load_content()


def load_content() -> None:
    from safegrid.checklists import actions as checklists
    from safegrid.duties import actions as duties
    from safegrid.enterprises import actions as enterprises
    from safegrid.library import actions as library

    steps: list[Callable[[], object]] = [
        enterprises.load_kinds,
        duties.load_lines,
        library.load,
        checklists.load,
    ]
    for load in steps:
        load()


def work() -> int:
    """Run the clock in a thread and queued tasks here, until stopped."""
    threading.Thread(target=_beat, daemon=True).start()
    call_command("db_worker", verbosity=0, interval=1)
    return 0


def _beat() -> None:
    from safegrid.config.jobs import JOBS
    from safegrid.shared.turns import run_due

    pause = threading.Event()
    while not pause.wait(BEAT):
        close_old_connections()
        for job in JOBS:
            try:
                run_due([job])
            except Exception:  # one job's fault must not stop the others, nor the clock
                log.exception("job %s failed and waits for its next turn", job.name)


def _load_demo_when_empty() -> None:
    from safegrid.demo import load

    if settings.IS_DEMO and load.is_empty():
        load.build()


def _web(host: str, port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "safegrid.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=WEB_WORKERS,
        blocking_threads=WEB_THREADS,
        blocking_threads_idle_timeout=600,
        backpressure=256,
        websockets=False,
        log_access=False,
    ).serve()
