from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from safegrid.people import actions, roles, tokens
from safegrid.people.models import ApiToken, Post, Session, Tenure, User
from safegrid.people.tests import make
from safegrid.shared import clock
from safegrid.shared.models import Entry, EntryText
from safegrid.shared.refusals import Refused, StaleForm

ADMINISTRATORS = ("system_admin", "security_admin", "auditor")
BUSINESS = [
    role
    for role in roles.ROLES
    if role not in ("keeper", "integration") and not roles.is_administrator(role)
]


@pytest.fixture
def person(db) -> User:
    return make.user()


def _post(town, role: str, name: str = "岗") -> Post:
    return make.post(town.city_body, town.city, role=role, name=name)


@pytest.mark.parametrize("first", ADMINISTRATORS)
@pytest.mark.parametrize("second", [*ADMINISTRATORS, *BUSINESS])
def test_an_administrator_is_nothing_else(town, person, first, second):
    actions.take_post(_post(town, first), person)
    if second == first:
        actions.take_post(_post(town, second), person)
        return
    with pytest.raises(Refused):
        actions.take_post(_post(town, second), person)


@pytest.mark.parametrize("first", BUSINESS)
@pytest.mark.parametrize("second", ADMINISTRATORS)
def test_an_officer_does_not_become_an_administrator(town, person, first, second):
    actions.take_post(_post(town, first), person)
    with pytest.raises(Refused):
        actions.take_post(_post(town, second), person)


def test_who_left_may_become_an_administrator_from_that_day(town, person):
    tenure = actions.take_post(_post(town, "county_office"), person)
    actions.leave_post(tenure, ends_on=clock.today() + timedelta(days=7))
    with pytest.raises(Refused):
        actions.take_post(_post(town, "auditor"), person)
    starts_on = clock.today() + timedelta(days=7)
    actions.take_post(_post(town, "auditor"), person, starts_on=starts_on)


def test_a_post_is_one_seat(town, person):
    post = _post(town, "county_office")
    actions.take_post(post, person)
    with pytest.raises(Refused, match="先办离岗"):
        actions.take_post(post, make.user("lv-jing"))


def test_a_post_is_handed_over_on_a_day(town, person):
    post = _post(town, "county_office")
    tomorrow = clock.today() + timedelta(days=1)
    actions.take_post(post, person, ends_on=tomorrow)
    actions.take_post(post, make.user("lv-jing"), starts_on=tomorrow)
    assert list(Tenure.objects.on(clock.today()).values_list("user__username", flat=True)) == [
        "han-mei"
    ]
    assert list(Tenure.objects.on(tomorrow).values_list("user__username", flat=True)) == ["lv-jing"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"is_active": False}, "已停用"),
        ({"is_machine": True}, "接口账号"),
    ],
)
def test_a_disabled_account_and_a_machine_take_no_post(town, change, words):
    with pytest.raises(Refused, match=words):
        actions.take_post(_post(town, "county_office"), make.user(**change))


def test_the_post_of_an_integration_is_for_machines(town, person):
    with pytest.raises(Refused, match="接口"):
        actions.take_post(_post(town, "integration"), person)
    actions.take_post(_post(town, "integration"), make.user("machine", is_machine=True))


def test_nobody_gives_themselves_a_post_or_takes_a_closed_one(town, person):
    with pytest.raises(Refused, match="自己"):
        actions.take_post(_post(town, "auditor"), person, by=person)
    closed = make.post(town.city_body, town.city, valid_to=clock.today())
    with pytest.raises(Refused, match="已撤销"):
        actions.take_post(closed, person)


def test_dates_of_a_tenure_are_in_order(town, person):
    today = clock.today()
    with pytest.raises(ValidationError):
        actions.take_post(_post(town, "auditor"), person, starts_on=today, ends_on=today)
    tenure = actions.take_post(_post(town, "auditor"), person)
    with pytest.raises(ValidationError):
        actions.leave_post(tenure, ends_on=today - timedelta(days=1))


def test_who_leaves_has_no_right_from_that_moment(town, person):
    tenure = actions.take_post(_post(town, "city_office"), person)
    assert User.objects.get(pk=person.pk).may("enterprises.view")
    actions.leave_post(tenure)
    assert not User.objects.get(pk=person.pk).may("enterprises.view")
    with pytest.raises(Refused, match="已离岗"):
        actions.leave_post(tenure)


def test_taking_and_leaving_are_journalled_about_person_and_body(town, person, office):
    post = _post(town, "city_office")
    actions.leave_post(actions.take_post(post, person, by=office), by=office)
    entries = Entry.objects.filter(kind="post", subject=str(post.pk)).order_by("id")
    assert [entry.step for entry in entries] == ["people.take_post", "people.leave_post"]
    assert entries[0].by == office and entries[0].area_code == town.city.code
    kinds = set(entries[0].about.values_list("kind", flat=True))
    assert kinds == {"post", "user", "organisation"}


def test_a_body_and_its_posts_stay_within_its_area(town):
    body = actions.add_organisation(name="示例所", kind="service", area=town.street)
    assert (body.short_name, body.area_code) == ("示例所", town.street.code)
    actions.add_post(organisation=body, role="grid_worker", area=town.grid, name="网格员")
    with pytest.raises(ValidationError, match="属地"):
        actions.add_post(organisation=body, role="grid_worker", area=town.county, name="网格员")
    with pytest.raises(ValidationError):
        actions.add_organisation(name="示例所", kind="service", area=town.street)


@pytest.mark.parametrize("role", ["keeper", "nobody"])
def test_only_roles_of_officials_have_posts(town, role):
    with pytest.raises(ValidationError, match="没有这种岗位"):
        actions.add_post(organisation=town.fire, role=role, area=town.county, name="岗")


@pytest.mark.parametrize("role", roles.ROLES)
def test_the_power_to_inspect_is_given_only_where_the_law_allows(town, role):
    if role == "keeper":
        return
    facts = {"organisation": town.fire, "role": role, "area": town.county, "name": "岗"}
    if "when_empowered" in roles.ROLES[role]:
        assert actions.add_post(**facts, is_empowered=True).grants("visits.inspect")
    else:
        with pytest.raises(ValidationError, match="没有检查执法权"):
            actions.add_post(**facts, is_empowered=True)


def test_a_closed_body_gets_no_post(town):
    town.fire.valid_to = clock.today()
    with pytest.raises(Refused):
        actions.add_post(
            organisation=town.fire, role="department_head", area=town.county, name="岗"
        )


def test_a_change_of_power_is_journalled_and_a_stale_one_loses(town, office):
    post = make.post(town.street_body, town.street)
    actions.set_empowered(post, by=office, is_empowered=True, version=1)
    assert Entry.objects.get(step="people.edit_post").changes == {"is_empowered": [False, True]}
    with pytest.raises(StaleForm):
        actions.set_empowered(post, by=office, is_empowered=False, version=1)
    actions.edit_post(post, by=office, is_empowered=True)
    assert Entry.objects.filter(step="people.edit_post").count() == 1


def test_a_post_is_closed_when_nobody_sits_there(town, person, office):
    post = _post(town, "city_office")
    tenure = actions.take_post(post, person)
    with pytest.raises(Refused, match="还在岗"):
        actions.close_post(post, by=office)
    actions.leave_post(tenure)
    assert actions.close_post(post, by=office).valid_to == clock.today()
    with pytest.raises(Refused, match="已撤销"):
        actions.close_post(post, by=office)


def test_an_account_name_is_given_once_in_any_case(person):
    with pytest.raises(ValidationError, match="已有人用"):
        actions.add_user(username="HAN-MEI", name="另一个韩梅")


@pytest.mark.parametrize("password", ["短", "password1234", "han-mei-2026"])
def test_a_weak_password_is_refused(db, password):
    with pytest.raises(ValidationError):
        actions.add_user(username="han-mei", name="韩梅", password=password)
    assert not User.objects.exists()


def test_an_account_without_a_password_lets_nobody_in_by_one(db):
    user = actions.add_user(username="han-mei", name="韩梅")
    assert not user.has_usable_password()


def test_names_and_phones_stand_only_in_the_erasable_part(person, office):
    actions.edit_user(person, by=office, name="韩美", phone="13900000009")
    entry = Entry.objects.get(step="people.edit_user")
    assert entry.changes == {} and entry.text.details["phone"] == ["13900000001", "13900000009"]
    actions.edit_user(person, by=office, name="韩美")
    assert EntryText.objects.filter(entry__step="people.edit_user").count() == 1


def test_a_reset_password_is_random_good_for_a_day_and_must_be_changed(person, office):
    first = actions.reset_password(person, by=office)
    second = actions.reset_password(person, by=office)
    person.refresh_from_db()
    assert first != second and person.check_password(second)
    assert person.must_change_password and person.password_until > clock.now()
    actions.change_password(person, make.PASSWORD, by=person)
    assert not person.must_change_password and person.password_until is None
    assert not EntryText.objects.filter(details__icontains=second).exists()


def test_a_machine_has_no_password(db, office):
    with pytest.raises(Refused):
        actions.reset_password(make.user(is_machine=True), by=office)


def test_signing_out_everywhere_ends_every_session(client, person):
    client.force_login(person)
    assert Session.objects.get().user_id == person.pk
    actions.sign_out_everywhere(person, by=person)
    assert not Session.objects.exists()
    person.refresh_from_db()
    assert person.sessions_from == 1


def test_disabling_ends_sessions_and_tokens(client, office):
    machine = make.user(is_machine=True)
    token = actions.issue_token(machine, "门禁", clock.now() + timedelta(days=90), office)
    assert tokens.user_of(token) == machine
    actions.set_active(machine, by=office, is_active=False)
    assert tokens.user_of(token) is None
    with pytest.raises(Refused):
        actions.set_active(machine, by=office, is_active=False)
    actions.set_active(machine, by=office, is_active=True)
    assert tokens.user_of(token) is None


def test_nobody_disables_their_own_account(office):
    with pytest.raises(Refused, match="自己"):
        actions.set_active(office, by=office, is_active=False)


def test_a_token_is_kept_as_digest_and_dies_when_revoked(office):
    machine = make.user(is_machine=True)
    token = actions.issue_token(machine, "门禁", clock.now() + timedelta(days=90), office)
    row = ApiToken.objects.get()
    assert token not in row.digest and len(token) >= 43
    actions.revoke_token(row, by=office)
    actions.revoke_token(row, by=office)
    assert tokens.user_of(token) is None
    assert Entry.objects.filter(step="people.revoke_token").count() == 1


def test_a_token_never_acts_as_a_person(person, office):
    with pytest.raises(Refused, match="接口账号"):
        actions.issue_token(person, "门禁", clock.now() + timedelta(days=90), office)


@pytest.mark.parametrize("days", [-1, 401])
def test_a_token_ends_in_the_coming_year(office, days):
    with pytest.raises(ValidationError):
        actions.issue_token(
            make.user(is_machine=True), "门禁", clock.now() + timedelta(days=days), office
        )


def test_the_first_run_makes_city_and_three_administrators_once(db):
    administrators = {
        role: {"username": role.replace("_", "-"), "name": role, "password": make.PASSWORD}
        for role in ADMINISTRATORS
    }
    first = actions.set_up(code="2310", name="牡丹江市", administrators=administrators)
    assert first.posts[0].role == "system_admin" and first.posts[0].area_code == "2310"
    waiting = User.objects.filter(must_change_password=True).order_by("username")
    assert [user.username for user in waiting] == ["auditor", "security-admin"]
    with pytest.raises(Refused):
        actions.set_up(code="2310", name="牡丹江市", administrators=administrators)
