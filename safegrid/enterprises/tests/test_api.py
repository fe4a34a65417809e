from tests.api import Caller


def test_an_officer_lists_the_places_of_the_street(officer, town):
    names = {one["name"] for one in Caller(officer).get("/places").json()["items"]}
    assert names == {town.place.name, town.neighbour.name}


def test_phones_are_masked_in_a_list_too(worker, town):
    (shown,) = Caller(worker).get("/places").json()["items"]
    assert shown["phone"] == "138****2671"


def test_phones_are_masked(officer, town):
    answer = Caller(officer).get(f"/places/{town.place.pk}").json()
    assert answer["phone"] == "138****2671"
    assert answer["lead_department"]["name"] == town.fire.name
    assert answer["enterprise"]["credit_code"] is None


def test_places_are_filtered(office, town):
    caller = Caller(office)
    found = caller.get("/places", area=town.other_street.code).json()["items"]
    assert [one["id"] for one in found] == [str(town.far_place.pk)]
    assert caller.get("/places", kind="hotel").json()["items"] == []
    assert len(caller.get("/places", lead_department=town.fire.pk).json()["items"]) == 2


def test_an_unknown_grade_is_refused(office):
    answer = Caller(office).get("/places", grade="purple")
    assert answer.status_code == 422
    assert "只能是'red'、" in answer.json()["errors"][0]["message"].replace("', '", "'、'")


def test_a_place_out_of_reach_is_not_found(stranger, town):
    assert Caller(stranger).get(f"/places/{town.place.pk}").status_code == 404


def test_the_list_takes_three_queries(officer, town, django_assert_max_num_queries):
    caller = Caller(officer)
    caller.get("/places")
    with django_assert_max_num_queries(3):  # token with user, posts, places
        caller.get("/places")
