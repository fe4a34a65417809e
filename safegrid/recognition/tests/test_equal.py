"""Python and script answer alike: both are held to one golden file."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from safegrid.recognition import golden
from safegrid.recognition.index import FILE

HERE = Path(__file__).parent


def test_python_gives_the_golden_answers():
    kept = json.loads(golden.FILE.read_text(encoding="utf-8"))
    assert kept == json.loads(json.dumps(golden.answers())), (
        "run `python -m safegrid.recognition.golden` and review the change"
    )


@pytest.mark.skipif(not shutil.which("node"), reason="the browser journey compares them too")
def test_the_script_gives_the_golden_answers():
    files = (HERE / "compare.mjs", FILE.with_name("matcher.mjs"), FILE, golden.FILE)
    ran = subprocess.run(["node", *map(str, files)], capture_output=True, text=True, check=True)
    answer = json.loads(ran.stdout)
    assert answer["asked"] == len(json.loads(golden.FILE.read_text(encoding="utf-8")))
    assert answer["different"] == []
