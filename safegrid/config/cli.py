"""The command line: safegrid serve | worker | demo | import | check | audit | openapi | manage."""

import argparse
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safegrid.config.settings")


def main(argv: list[str] | None = None) -> None:
    """Run one command; its number is the exit status."""
    words = sys.argv[1:] if argv is None else argv
    if words[:1] == ["manage"]:
        return _manage(words[1:])
    options = _parser().parse_args(words)
    django.setup()
    sys.exit(options.run(options) or 0)


def _manage(words: list[str]) -> None:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["safegrid manage", *words])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="safegrid", description="安网 SafeGrid")
    commands = parser.add_subparsers(required=True, metavar="command")

    serve = commands.add_parser("serve", help="migrate, load the demo city when empty, serve")
    serve.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
    serve.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    serve.set_defaults(run=_serve)

    worker = commands.add_parser("worker", help="run queued tasks and what is due by the clock")
    worker.set_defaults(run=_worker)

    demo = commands.add_parser("demo", help="make the demo city in an empty database")
    demo.add_argument("--seed", type=int, default=1)
    demo.add_argument("--places", type=int, default=2000)
    demo.add_argument("--days", type=int, default=180)
    demo.set_defaults(run=_demo)

    bring = commands.add_parser("import", help="bring in divisions, grids or places from a file")
    bring.add_argument("what", choices=("divisions", "grids", "places"))
    bring.add_argument("file", type=Path)
    bring.add_argument("--by", required=True, help="user name of the person responsible")
    bring.add_argument("--area", default="", help="area code that the file is about")
    bring.set_defaults(run=_import)

    check = commands.add_parser("check", help="is this installation safe to use?")
    check.set_defaults(run=_check)

    audit = commands.add_parser("audit", help="verify the journal's chain")
    audit.add_argument("what", choices=("verify",))
    audit.set_defaults(run=_audit)

    recognise = commands.add_parser("recognise", help="judge the matching of words to items")
    recognise.add_argument("what", choices=("evaluate",))
    recognise.add_argument("file", type=Path)
    recognise.set_defaults(run=_recognise)

    openapi = commands.add_parser("openapi", help="print the API document, or compare it")
    openapi.add_argument("--check", action="store_true", help="fail when docs/openapi.json differs")
    openapi.set_defaults(run=_openapi)
    return parser


def _serve(options: argparse.Namespace) -> int:
    from safegrid.config import serving

    return serving.serve(options.host, options.port)


def _worker(options: argparse.Namespace) -> int:
    from safegrid.config import serving

    return serving.work()


def _demo(options: argparse.Namespace) -> int:
    from safegrid.config import serving
    from safegrid.demo import load

    serving.prepare()
    return load.build(seed=options.seed, places=options.places, days=options.days)


def _import(options: argparse.Namespace) -> int:
    from safegrid.config import imports

    return imports.bring(options.what, options.file, options.by, options.area)


def _check(options: argparse.Namespace) -> int:
    from safegrid.config import checks

    return checks.report()


def _audit(options: argparse.Namespace) -> int:
    from safegrid.shared import journal

    journal.seal(limit=1_000_000)
    good, broken = journal.verify()
    if broken:
        print(f"流水第{broken.seq}条有问题：{broken.reason}。它之前的{good}条完好。")
        return 1
    print(f"流水{good}条，逐条相连，完好。")
    return 0


def _recognise(options: argparse.Namespace) -> int:
    from safegrid.recognition import evaluate

    evaluate.main(options.file)
    return 0


def _openapi(options: argparse.Namespace) -> int:
    from safegrid.config.api import document

    kept = Path("docs/openapi.json")
    if not options.check:
        print(document(), end="")
        return 0
    if kept.exists() and kept.read_text(encoding="utf-8") == document():
        return 0
    print("docs/openapi.json differs: run `bin/safegrid openapi > docs/openapi.json` and review it")
    return 1
