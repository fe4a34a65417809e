from tests.api import Caller


def test_an_officer_lists_the_areas_of_the_street(officer, town):
    codes = [one["code"] for one in Caller(officer).get("/areas").json()["items"]]
    seen = [town.street, town.community, town.grid, town.other_grid]
    assert codes == sorted(area.code for area in seen)


def test_a_long_list_comes_in_parts(officer, town):
    caller = Caller(officer)
    first = caller.get("/areas", limit=3).json()
    assert len(first["items"]) == 3 and first["next"] == first["items"][-1]["code"]
    second = caller.get("/areas", limit=3, after=first["next"]).json()
    assert [one["code"] for one in second["items"]] == [town.other_grid.code]
    assert second["next"] is None


def test_areas_are_asked_by_prefix_and_level(office, town):
    answer = Caller(office).get("/areas", prefix=town.community.code, level=6)
    assert {one["code"] for one in answer.json()["items"]} == {town.grid.code, town.other_grid.code}


def test_one_area_comes_with_its_boundary(officer, town):
    answer = Caller(officer).get(f"/areas/{town.grid.code}").json()
    assert answer["boundary"]["type"] == "Polygon"
    assert answer["parent"] == town.community.code


def test_an_area_out_of_reach_is_not_found(stranger, town):
    answer = Caller(stranger).get(f"/areas/{town.grid.code}")
    assert (answer.status_code, answer.json()["title"]) == (404, "没有找到")
