import json

import pytest
from django.core.exceptions import ValidationError

from safegrid.territory import actions, coordinates, outlines
from safegrid.territory.models import Area, Kind
from safegrid.territory.tests import make

BOW = {
    "type": "Polygon",
    "coordinates": [[[129.6, 44.6], [129.7, 44.7], [129.7, 44.6], [129.6, 44.7], [129.6, 44.6]]],
}
LINE = {"type": "LineString", "coordinates": [[129.6, 44.6], [129.7, 44.7]]}
METRES = {
    "type": "Polygon",
    "coordinates": [[[4e5, 4.9e6], [4.1e5, 4.9e6], [4.1e5, 5e6], [4e5, 4.9e6]]],
}


@pytest.fixture
def street(db) -> Area:
    return make.street()


def test_communities_and_grids_come_in_any_order(street):
    outcome = actions.import_grids(
        make.collection(make.grid(2), make.grid(1, population=812), make.community())
    )
    assert outcome.added == 3
    grid = Area.objects.get(code="231004005A01001")
    assert (grid.full_name, grid.population) == ("爱民区·大庆街道·庆兴社区·01网格", 812)
    assert (grid.kind, grid.lon, grid.lat) == (Kind.BASIC_GRID, 129.605, 44.605)


def test_a_known_area_takes_a_boundary_and_keeps_its_name(street):
    actions.import_grids(make.collection(make.feature(code="231004005")))
    street.refresh_from_db()
    assert street.name == "大庆街道" and street.boundary["type"] == "Polygon"
    assert actions.import_grids(make.collection(make.feature(code="231004005"))).same == 1


def test_a_grid_without_a_code_gets_a_local_one(street):
    actions.import_grids(make.collection(make.community()))
    actions.import_grids(
        make.collection(
            make.grid(1, code="", name="甲网格"),
            make.grid(2, code="", name="乙市场", kind="专属网格"),
        )
    )
    rows = Area.objects.below("231004005A01").filter(level=6)
    assert list(rows.values_list("code", "kind")) == [
        ("231004005A01A01", Kind.BASIC_GRID),
        ("231004005A01A02", Kind.EXCLUSIVE_GRID),
    ]


@pytest.mark.parametrize("crs", ["gcj02", "bd09"])
def test_shifted_coordinates_are_brought_back(street, crs):
    shifted = make.square(129.60, 44.60)
    shifted["coordinates"][0] = [
        list(coordinates.from_wgs84(lon, lat, crs)) for lon, lat in shifted["coordinates"][0]
    ]
    actions.import_grids(make.collection(make.feature(shifted, code="231004005")), crs=crs)
    street.refresh_from_db()
    assert street.boundary["coordinates"][0][0] == pytest.approx([129.60, 44.60], abs=1e-6)


@pytest.mark.parametrize(
    ("feature", "words"),
    [
        (make.feature(BOW, code="231004005"), "自己相交（129.65，44.65附近）"),
        (make.feature(LINE, code="231004005"), "不是面"),
        (make.feature(METRES, code="231004005"), "不是经纬度"),
        (make.feature({"type": "Polygon"}, code="231004005"), "读不出来"),
        (
            make.feature({"type": "Polygon", "coordinates": [[["a", 1]]]}, code="231004005"),
            "读不出来",
        ),
        (make.feature(name="没有代码"), "没有代码，也没有上级代码"),
        (make.feature(code="23100", name="短"), "不是区划代码"),
        (make.feature(code="231004005", parent="231005"), "不在上级"),
        (make.feature(code="231005001", name="没有上级"), "先建上级"),
        (make.feature(code="231004005001"), "没有名称"),
        (make.feature(code="231004005001", name="社区", kind="基础网格"), "层级不合"),
        (make.feature(code="231004005001", name="社区", kind="村"), "不认识"),
        (make.feature(code="231004005", population="很多"), "不是整数"),
        (make.feature(code="231004005", population=True), "不是整数"),
        (make.feature(code="231004005", population=10**12), "太大"),
        ({"type": "Feature", "geometry": LINE}, "没有属性"),
        ("不是要素", "没有属性"),
    ],
)
def test_a_bad_feature_is_named_with_what_is_wrong(street, feature, words):
    with pytest.raises(ValidationError, match=words) as refusal:
        actions.import_grids(make.collection(feature))
    assert refusal.value.messages[0].startswith("第1个要素")


@pytest.mark.parametrize("file", [None, [], {}, {"features": []}, {"features": "x"}])
def test_a_file_of_another_kind_is_refused(db, file):
    with pytest.raises(ValidationError, match="FeatureCollection"):
        actions.import_grids(file)


def test_one_bad_feature_stops_the_whole_file(street):
    with pytest.raises(ValidationError):
        actions.import_grids(make.collection(make.community(), make.grid(1, population="x")))
    assert not Area.objects.filter(code="231004005A01").exists()


def test_a_preview_tells_everything_and_writes_nothing(street):
    good = actions.preview_grids(make.collection(make.community(), make.grid(1)))
    assert (good.added, good.errors) == (2, [])
    bad = actions.preview_grids(make.collection(make.community(), make.grid(1), make.grid(1)))
    assert bad.errors == ["第3个要素（231004005A01001 01网格）：代码231004005A01001在文件里有两次"]
    assert not Area.objects.filter(code="231004005A01").exists()


def test_grids_that_cover_the_same_ground_are_refused(street):
    over = make.square(129.605, 44.60)
    with pytest.raises(ValidationError, match=r"01网格与.*02网格重叠"):
        actions.import_grids(
            make.collection(make.community(), make.grid(1), make.grid(2, geometry=over))
        )
    actions.import_grids(make.collection(make.community(), make.grid(1)))
    with pytest.raises(ValidationError, match="重叠"):
        actions.import_grids(make.collection(make.grid(2, geometry=over)))


def test_an_exclusive_grid_may_lie_within_a_basic_one(street):
    inner = make.square(129.602, 44.602, 0.003)
    outcome = actions.import_grids(
        make.collection(
            make.community(), make.grid(1), make.grid(2, geometry=inner, kind="exclusive_grid")
        )
    )
    assert outcome.added == 3


def test_a_file_stays_within_the_area_it_is_about(street):
    actions.add_area(code="231004006", name="兴平街道")
    with pytest.raises(ValidationError, match="不在231004006范围内"):
        actions.import_grids(make.collection(make.community()), below="231004006")


def test_a_downloaded_file_can_be_taken_in_again(street):
    actions.import_grids(make.collection(make.community(), make.grid(1)))
    rows = list(Area.objects.below("231004005A01"))
    file = json.loads(json.dumps(outlines.as_collection(rows)))
    assert actions.import_grids(file).same == 2
