import json
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from safegrid.territory.models import Area
from safegrid.territory.tests import make
from tests import town as makers


def _text(answer) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def _file(content, name="网格.geojson") -> SimpleUploadedFile:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return SimpleUploadedFile(name, data)


def _new_grid(code="231004005A01003", **facts):
    geometry = facts.pop("geometry", None) or make.square(129.64, 44.60)
    given = {"code": code, "parent": code[:-3], "name": "03网格", **facts}
    return make.collection(make.feature(geometry, **given))


class TestTree:
    @pytest.mark.parametrize(
        ("who", "seen", "hidden"),
        [
            ("city_office", ["爱民区", "林口县", "大庆街道"], "庆兴社区"),
            ("office", ["大庆街道", "庆兴社区"], "林口县"),
            ("officer", ["庆兴社区", "01网格"], "兴平街道"),
            ("head", ["01网格", "02网格"], "军马社区"),
        ],
    )
    def test_everybody_sees_two_levels_below_the_own_area(
        self, client, request, who, seen, hidden, django_assert_max_num_queries
    ):
        client.force_login(request.getfixturevalue(who))
        with django_assert_max_num_queries(12):
            text = _text(client.get("/areas/"))
        assert all(name in text for name in seen) and hidden not in text

    def test_a_grid_worker_sees_that_a_grid_is_the_smallest(self, client, worker):
        client.force_login(worker)
        assert "最小的一级" in _text(client.get("/areas/"))

    def test_who_has_posts_in_two_places_chooses(self, client, town, worker):
        from safegrid.people.tests import make as people

        people.sit(people.post(town.far_body, town.far_grid, role="grid_worker"), worker)
        client.force_login(worker)
        text = _text(client.get("/areas/"))
        assert town.grid.full_name in text and town.far_grid.full_name in text

    def test_keepers_and_auditors_have_no_territory(self, client, town, keeper):
        auditor = makers.person("auditor", "查账", "auditor", town.city, town.city_body)
        for user in (keeper, auditor):
            client.force_login(user)
            assert client.get("/areas/").status_code == 404
            assert client.get(f"/areas/{town.grid.code}/").status_code == 404

    @pytest.mark.parametrize(
        ("text", "seen"), [("网格", True), ("231004006", False), ("无", False)]
    )
    def test_a_search_stays_within_the_reach(self, client, officer, text, seen):
        client.force_login(officer)
        found = _text(client.get("/areas/", {"q": text}))
        assert ("01网格" in found) == seen
        assert seen or "您的范围里没有" in found


class TestArea:
    def test_an_area_shows_facts_map_and_what_is_below(
        self, client, town, officer, django_assert_max_num_queries
    ):
        client.force_login(officer)
        with django_assert_max_num_queries(12):
            text = _text(client.get(f"/areas/{town.community.code}/"))
        assert text.count('class="cell"') == 2 and "02网格" in text
        assert f'href="/areas/{town.street.code}/"' in text
        assert f'href="/areas/{town.county.code}/"' not in text
        assert "改资料" not in text

    def test_a_grid_shows_its_own_outline(self, client, town, worker):
        client.force_login(worker)
        assert 'class="cell"' in _text(client.get(f"/areas/{town.grid.code}/"))

    def test_an_area_without_boundaries_has_no_map(self, client, town, city_office):
        client.force_login(city_office)
        text = _text(client.get(f"/areas/{town.other_county.code}/"))
        assert 'class="cell"' not in text and "下面还没有区域" in text

    def test_a_stranger_finds_no_page(self, client, town, stranger):
        client.force_login(stranger)
        for page in ("", "edit/", "add/", "close/", "import-grids/", "geojson"):
            assert client.get(f"/areas/{town.grid.code}/{page}").status_code == 404

    def test_an_officer_reads_but_changes_nothing(self, client, town, officer):
        client.force_login(officer)
        for step in ("edit", "add", "close", "import-grids"):
            assert client.get(f"/areas/{town.grid.code}/{step}/").status_code == 404
            assert client.post(f"/areas/{town.grid.code}/{step}/").status_code == 404

    def test_an_unknown_code_is_not_found(self, client, office):
        client.force_login(office)
        assert client.get("/areas/231004999/").status_code == 404


class TestUpkeep:
    @pytest.fixture(autouse=True)
    def _office(self, client, office):
        client.force_login(office)

    def test_name_and_population_are_changed(self, client, town):
        address = f"/areas/{town.community.code}/edit/"
        assert "庆兴社区" in _text(client.get(address))
        given = {"name": "庆新社区", "population": "5200", "version": 1}
        assert client.post(address, given).url == f"/areas/{town.community.code}/"
        town.grid.refresh_from_db()
        assert town.grid.full_name == "爱民区·大庆街道·庆新社区·01网格"
        assert client.post(address, given).status_code == 409

    @pytest.mark.parametrize("facts", [{"name": ""}, {"population": "-1"}, {"population": "很多"}])
    def test_a_wrong_change_is_refused(self, client, town, facts):
        given = {"name": "庆新社区", "version": 1, **facts}
        assert client.post(f"/areas/{town.community.code}/edit/", given).status_code == 422

    def test_a_unit_without_a_code_is_added(self, client, town):
        assert "本地代码" in _text(client.get(f"/areas/{town.county.code}/add/"))
        given = {"name": "示例开发区", "code": "", "kind": "zone"}
        answer = client.post(f"/areas/{town.county.code}/add/", given)
        assert answer.url == "/areas/231004A01/"
        assert "本地代码" in _text(client.get(answer.url))

    @pytest.mark.parametrize(
        "facts", [{"code": "231025100"}, {"code": "23100"}, {"code": "231004005"}, {"name": ""}]
    )
    def test_a_wrong_new_area_is_refused(self, client, town, facts):
        given = {"name": "示例开发区", "code": "", "kind": "zone", **facts}
        assert client.post(f"/areas/{town.county.code}/add/", given).status_code == 422

    def test_a_grid_is_closed_with_its_successor(self, client, town):
        address = f"/areas/{town.other_grid.code}/close/"
        assert "停用" in _text(client.get(address))
        given = {"on": "2026-01-01", "succeeded_by": town.grid.code, "note": "合并"}
        assert client.post(address, given).status_code == 302
        text = _text(client.get(f"/areas/{town.other_grid.code}/"))
        assert "起停用" in text and town.grid.code in text
        assert client.post(address, given).status_code == 409

    @pytest.mark.parametrize(
        "facts", [{"succeeded_by": "x"}, {"succeeded_by": "2399"}, {"on": ""}, {"note": ""}]
    )
    def test_a_wrong_end_is_refused(self, client, town, facts):
        given = {"on": "2026-01-01", "succeeded_by": "", "note": "合并", **facts}
        assert client.post(f"/areas/{town.grid.code}/close/", given).status_code == 422
        town.grid.refresh_from_db()
        assert town.grid.valid_to is None

    def test_an_area_with_something_below_is_not_closed(self, client, town):
        given = {"on": "2026-01-01", "succeeded_by": "", "note": "合并"}
        answer = client.post(f"/areas/{town.community.code}/close/", given)
        assert answer.status_code == 409 and "先停用下面的" in answer.content.decode()


class TestImport:
    @pytest.fixture(autouse=True)
    def _office(self, client, office):
        client.force_login(office)

    def send(self, client, content, code="231004005A01", **facts):
        given = {"file": _file(content), "crs": "wgs84", **facts}
        return client.post(f"/areas/{code}/import-grids/", given)

    def test_a_file_is_checked_first_and_then_taken_in(self, client, town):
        assert "坐标系" in _text(client.get(f"/areas/{town.community.code}/import-grids/"))
        text = _text(self.send(client, _new_grid(), check="1"))
        assert "文件没有问题" in text and "新增1" in text
        assert not Area.objects.filter(code="231004005A01003").exists()
        assert self.send(client, _new_grid()).status_code == 302
        assert Area.objects.get(code="231004005A01003").population is None

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"\xff\xfe\x00", "不是GeoJSON"),
            (b"{", "不是GeoJSON"),
            (b"[" * 100_000, "不是GeoJSON"),
            (b"{}", "没有要素"),
            (_new_grid(population="很多"), "不是整数"),
            (_new_grid("231004006A01009"), "不在231004005A01范围内"),
            (_new_grid(geometry=make.square(129.605, 44.60)), "重叠"),
            (_new_grid(name="<b>甲</b>", kind="<i>"), "不认识"),
        ],
    )
    def test_a_bad_file_is_refused_with_the_reason(self, client, town, content, words):
        before = Area.objects.count()
        answer = self.send(client, content)
        assert answer.status_code == 422 and words in answer.content.decode()
        assert Area.objects.count() == before and "<i>" not in answer.content.decode()

    def test_only_the_first_faults_are_listed(self, client, town):
        features = [make.feature(code="x")] * 60
        text = self.send(client, make.collection(*features)).content.decode()
        assert "有60处要改" in text and "只列前50处" in text

    def test_a_file_is_needed_and_must_not_be_huge(self, client, town, settings):
        address = f"/areas/{town.community.code}/import-grids/"
        assert client.post(address, {"crs": "wgs84"}).status_code == 422
        settings.UPLOAD_LIMIT_BYTES = 10
        assert "超过" in self.send(client, _new_grid()).content.decode()

    def test_an_unknown_system_of_coordinates_is_refused(self, client, town):
        assert self.send(client, _new_grid(), crs="beijing54").status_code == 422


class TestDownload:
    def test_the_drawn_areas_come_as_geojson(self, client, town, officer):
        client.force_login(officer)
        answer = client.get(f"/areas/{town.street.code}/geojson")
        assert answer.headers["Content-Type"] == "application/geo+json"
        assert quote(town.street.code) in answer.headers["Content-Disposition"]
        features = json.loads(answer.content)["features"]
        assert [one["properties"]["code"] for one in features] == [
            town.grid.code,
            town.other_grid.code,
        ]
        assert features[0]["geometry"] == town.grid.boundary

    @pytest.mark.parametrize("crs", ["gcj02", "bd09"])
    def test_it_can_be_had_for_other_maps_and_comes_back(self, client, town, office, crs):
        client.force_login(office)
        content = client.get(f"/areas/{town.community.code}/geojson?crs={crs}").content
        shifted = json.loads(content)["features"][0]["geometry"]["coordinates"][0][0]
        assert shifted != pytest.approx([129.60, 44.60], abs=1e-3)
        given = {"file": _file(content), "crs": crs}
        client.post(f"/areas/{town.community.code}/import-grids/", given)
        town.grid.refresh_from_db()
        back = town.grid.boundary["coordinates"][0][0]
        assert back == pytest.approx([129.60, 44.60], abs=1e-6)
