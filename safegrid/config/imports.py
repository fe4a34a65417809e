"""`safegrid import`: the same import paths as the pages, for a terminal."""

import csv
import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from safegrid.enterprises import imports as places
from safegrid.people.models import User
from safegrid.territory import actions as territory

FAULTS_SHOWN = 20


def bring(what: str, file: Path, by: str, area: str) -> int:
    """Bring in a file; print what happened; 1 when nothing was changed."""
    user = User.objects.filter(username__iexact=by, is_active=True).first()
    if user is None:
        print(f"没有账号“{by}”")
        return 1
    try:
        return int(READERS[what](file, user, area))
    except ValidationError as error:
        print("有错，一行也没有写入。")
        for said in error.messages[:FAULTS_SHOWN]:
            print(f"  {said}")
        return 1


def _divisions(file: Path, by: User, area: str) -> int:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        result = territory.import_divisions(list(csv.DictReader(stream)), by=by)
    print(f"区划：{result}")
    return 0


def _grids(file: Path, by: User, area: str) -> int:
    result = territory.import_grids(json.loads(file.read_text(encoding="utf-8")), by=by)
    print(f"网格：{result}")
    return 0


def _places(file: Path, by: User, area: str) -> int:
    with file.open("rb") as stream:
        upload = places.preview(stream, by=by, area_code=area, file_name=file.name)
    print("，".join(f"{name}{count}" for name, count in _counts(upload).items()))
    if upload.counts.get("error"):
        for row in upload.rows.filter(verdict="error")[:20]:
            print(f"  第{row.line}行：{'；'.join(row.errors)}")
        print("有错的行改好再导，一行也没有写入。")
        return 1
    places.commit(upload, by=by)
    print("已导入。")
    return 0


def _counts(upload: Any) -> dict[str, int]:
    names = {
        "new": "新增",
        "changed": "有变化",
        "same": "没变化",
        "duplicate": "疑似重复",
        "error": "有错",
    }
    return {names[key]: value for key, value in upload.counts.items() if value}


READERS = {"divisions": _divisions, "grids": _grids, "places": _places}
