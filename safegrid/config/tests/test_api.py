"""What holds for every operation of the API: tokens, failures, the committed document."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.test import Client

from safegrid.config.api import api, document
from safegrid.people.models import ApiToken
from safegrid.shared import clock
from tests.api import ROOT, Caller, issue

KEPT = Path(__file__).parents[3] / "docs" / "openapi.json"


def operations():
    for path, methods in api.get_openapi_schema(path_prefix="/")["paths"].items():
        for method, facts in methods.items():
            yield method, path, facts


def test_the_committed_document_is_the_present_one():
    assert KEPT.read_text(encoding="utf-8") == document(), (
        "run `bin/safegrid openapi > docs/openapi.json` and review what changed"
    )


def test_every_operation_has_a_name_of_its_own_and_says_how_it_fails():
    names = [facts["operationId"] for _, _, facts in operations()]
    assert len(names) == len(set(names))
    for _, _, facts in operations():
        assert {"401", "404", "409", "422"} <= {str(code) for code in facts["responses"]}


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in operations()])
def test_nothing_is_open_without_a_token(client, db, method, path):
    address = ROOT + path.replace("{code}", "2310")
    for name in ("{place_id}", "{visit_id}", "{hazard_id}", "{clue_id}"):
        address = address.replace(name, "01900000-0000-7000-8000-000000000000")
    answer = getattr(client, method)(address, content_type="application/json")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_signed_in_browser_may_read_and_needs_the_form_token_to_write(officer):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(officer)
    assert browser.get(f"{ROOT}/me").json()["name"] == "周宁"
    assert browser.post(f"{ROOT}/visits", {}, "application/json").status_code == 403


def test_who_must_change_the_password_first_gets_nothing(client, officer):
    officer.must_change_password = True
    officer.save()
    client.force_login(officer)
    assert client.get(f"{ROOT}/me").status_code == 401


def test_a_token_acts_as_its_user(officer):
    answer = Caller(officer).get("/me")
    assert answer.status_code == 200
    assert answer.json()["name"] == "周宁"
    (post,) = answer.json()["posts"]
    assert post["role"] == "township_officer" and "hazards.urge_repair" in post["permissions"]


@pytest.mark.parametrize(
    "change",
    [{"revoked_at": clock.now()}, {"expires_at": clock.now() - timedelta(seconds=1)}],
    ids=["revoked", "expired"],
)
def test_a_revoked_or_expired_token_opens_nothing(officer, change):
    assert Caller(token=issue(officer, **change)).get("/me").status_code == 401


def test_the_token_of_a_user_who_left_opens_nothing(officer):
    caller = Caller(officer)
    officer.is_active = False
    officer.save()
    assert caller.get("/me").status_code == 401


def test_the_day_of_use_is_written_once_a_day(officer, django_assert_num_queries):
    caller = Caller(officer)
    caller.get("/me")
    assert ApiToken.objects.get().used_on == clock.today()
    with django_assert_num_queries(2):  # token with user, posts
        caller.get("/me")


def test_a_wrong_body_is_told_field_by_field_in_chinese(officer):
    answer = Caller(officer).get("/areas", limit="many", level=9, colour="red")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    faults = {one["field"]: one["message"] for one in answer.json()["errors"]}
    assert faults == {"limit": "应是整数", "level": "不能大于6", "colour": "没有这个字段"}


@pytest.mark.parametrize("code", ["\U0010ffff", "\x00", "23%"])
def test_a_code_that_can_be_none_is_refused(officer, code):
    caller = Caller(officer)
    assert caller.get("/places", area=code).status_code == 422
    assert caller.get(f"/areas/{quote(code)}").status_code == 404


def test_a_list_gives_no_more_than_two_hundred_rows(officer):
    assert Caller(officer).get("/areas", limit=201).status_code == 422


def test_the_document_is_for_callers_with_a_token(client, officer):
    assert client.get(f"{ROOT}/openapi.json").status_code == 401
    assert Caller(officer).get("/openapi.json").json()["openapi"].startswith("3.")
    assert client.get(f"{ROOT}/docs").status_code != 200
