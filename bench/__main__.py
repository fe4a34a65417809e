"""`python -m bench`: fill once, measure, print a table in Markdown."""

import argparse
import os
import sys
import time
from pathlib import Path


def main() -> int:
    options = _options()
    home = Path(options.home or f"var/bench-{options.places}").resolve()
    home.mkdir(parents=True, exist_ok=True)
    os.environ["SAFEGRID_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    import django

    django.setup()
    from django.core.management import call_command

    from bench import fill, report
    from safegrid.config import serving

    serving.prepare()
    call_command("collectstatic", verbosity=0, interactive=False)
    started = time.monotonic()
    fill.fill(options.places, options.visits, options.hazards)
    print(f"装满用了{time.monotonic() - started:.0f}秒", file=sys.stderr)
    print(report.table(options))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--places", type=int, default=20_000)
    parser.add_argument("--visits", type=int, default=200_000)
    parser.add_argument("--hazards", type=int, default=60_000)
    parser.add_argument("--home", default="", help="data folder; kept and used again")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
