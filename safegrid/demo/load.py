"""Making the demo city, step by step, with progress."""

import tempfile
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from safegrid.checklists.models import Checklist
from safegrid.codes import actions as codes
from safegrid.demo import bulk, city, history, shops
from safegrid.demo.cast import Cast
from safegrid.duties import actions as duties
from safegrid.enterprises import actions as enterprises
from safegrid.enterprises import imports
from safegrid.enterprises.models import Place
from safegrid.people import actions as people
from safegrid.people.models import User
from safegrid.shared import clock, journal, progress
from safegrid.territory.models import Area

DOOR_GRID = "231004005A01001"
# So many places live through the days by real actions; the rest get copies of their histories.
LIVED_IN = 2000


def is_empty() -> bool:
    return not Area.objects.exists() and not User.objects.exists()


def build(*, seed: int = 1, places: int = 2000, days: int = 180) -> int:
    """Make the whole city; 1 when the database already holds one."""
    if not settings.IS_DEMO:
        print("正式模式下不装演示城市。")
        return 1
    if not is_empty():
        print("数据库里已有数据，演示城市只装进空库。")
        return 1
    if not Checklist.objects.exists():
        raise RuntimeError("the packaged content must be loaded first")
    print(f"装入演示城市：{places}处场所，{days}天经过（种子{seed}）")
    cast = Cast(seed)
    opening = clock.now() - timedelta(days=days + 7)
    with clock.moved(opening), transaction.atomic():
        with progress.step("区划、社区、网格"):
            city.build_territory()
        with progress.step("单位、岗位、人员、责任规则"):
            duties.load_rules(area_code=city.CITY)
            staff = city.Staffing(cast).build()
    with clock.moved(opening):
        with progress.step("场所名单：写成Excel，再按导入走一遍"):
            _import_places(cast, places)
        with progress.step("负责人、主管部门、门牌"):
            _settle()
    history.History(cast, staff, days, LIVED_IN).run()
    if places > LIVED_IN:
        bulk.spread(LIVED_IN, rounds=1)
    with progress.step("封存流水"):
        journal.seal(limit=10_000_000)
    return 0


def _import_places(cast: Cast, count: int) -> None:
    by = User.objects.get(username="city-office")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "示例场所名单.xlsx"
        shops.write_list(path, cast, count)
        with path.open("rb") as stream:
            upload = imports.preview(stream, by=by, area_code=city.CITY, file_name=path.name)
    if upload.counts.get("error"):
        row = upload.rows.filter(verdict="error")[0]
        raise RuntimeError(f"示例名单第{row.line}行：{row.errors}")
    imports.commit(upload, by=by)
    Place.objects.update(is_demo=True)


@transaction.atomic
def _settle() -> None:
    """Departments, plates and owners; the owner's door opens a restaurant of the demo grid."""
    places = list(Place.objects.select_related("enterprise", "kind").order_by("number"))
    duties.assign(places)
    codes.issue_many(places)
    door = _door_of(places)
    for serial, place in enumerate(places, 1):
        user = people.add_user(
            username="keeper" if place == door else f"keeper-{serial:05d}",
            name=place.principal,
            phone=place.phone,
            is_demo=True,
        )
        enterprises.add_keeper(
            place, user=user, name=place.principal, phone=place.phone, role="principal"
        )


def _door_of(places: list[Place]) -> Place:
    here = [place for place in places if place.area_code == DOOR_GRID]
    meals = [place for place in here if place.kind_id == "restaurant"]
    return (meals or here or places)[0]
