from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.utils import timezone

from safegrid.people import queries
from safegrid.people.models import Session, User
from safegrid.people.tests import make
from safegrid.shared import clock
from safegrid.shared.models import Entry

WRONG = "不是这个密码不是这个密码"


@pytest.fixture
def person(db) -> User:
    return make.user()


def enter(client, username="han-mei", password=make.PASSWORD, next_page=""):
    query = f"?next={next_page}" if next_page else ""
    return client.post(f"/sign-in/{query}", {"username": username, "password": password})


@pytest.mark.parametrize("username", ["han-mei", "HAN-MEI", " han-mei ", "13900000001"])
def test_a_user_signs_in_by_account_or_phone(client, person, username):
    assert enter(client, username).url == "/"
    assert client.get("/account/").status_code == 200
    assert Entry.objects.get(step="people.sign_in").by == person


@pytest.mark.parametrize(
    ("username", "password"),
    [("han-mei", WRONG), ("nobody", make.PASSWORD), ("", make.PASSWORD), ("han-mei", "")],
)
def test_wrong_credentials_are_told_without_saying_which(client, person, username, password):
    answer = enter(client, username, password)
    assert answer.status_code == 422
    assert "没有登录成" in answer.content.decode()
    assert client.get("/account/").status_code == 302


def test_a_disabled_account_and_a_machine_do_not_sign_in(client, db):
    make.user(is_active=False)
    make.user("machine", is_machine=True)
    assert enter(client).status_code == 422
    assert enter(client, "machine").status_code == 422


def test_a_password_upgrade_is_argon2(settings, client, person):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.Argon2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    enter(client)
    person.refresh_from_db()
    assert person.password.startswith("argon2$argon2id$")


@pytest.mark.parametrize("page", ["/account/", "/people/?role=auditor"])
def test_after_signing_in_the_wanted_page_opens(client, person, page):
    answer = client.get(page)
    assert answer.status_code == 302 and answer.url.startswith("/sign-in/?next=")
    from urllib.parse import quote

    assert enter(client, next_page=quote(page)).url == page


@pytest.mark.parametrize(
    "page",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "\thttps://evil.example",
        "%0d%0aLocation:https://evil.example",
    ],
)
def test_nobody_is_led_to_another_site(client, person, page):
    url = enter(client, next_page=page).url
    assert "evil" not in url.split("/")[:3] and not url.startswith(("http", "//", "javascript"))


def test_a_post_by_a_stranger_leads_to_the_entrance_without_a_way_back(client, person):
    assert client.post("/account/sign-out-everywhere/").url == "/sign-in/"


def test_the_entrance_is_passed_by_when_signed_in(client, person):
    client.force_login(person)
    assert client.get("/sign-in/").url == "/"


def test_signing_out_is_a_button_not_a_link(client, person):
    client.force_login(person)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").url == "/sign-in/"
    assert client.get("/account/").status_code == 302


def test_the_session_key_changes_with_the_sign_in(client, person):
    client.get("/sign-in/")
    session = client.session
    session["marker"] = 1
    session.save()
    before = session.session_key
    client.cookies["safegrid"] = before
    enter(client)
    assert client.session.session_key != before


class TestWaiting:
    """Five failures, then 1, 2, 4, 8, 15 minutes after each further one."""

    @pytest.fixture(autouse=True)
    def _counted(self, settings, person):
        settings.AXES_ENABLED = True

    def fail(self, client, times=1, **changes):
        answers = [enter(client, password=WRONG, **changes) for _ in range(times)]
        return answers[-1]

    def pass_time(self, minutes):
        """Let the failures lie further back."""
        for attempt in AccessAttempt.objects.all():
            attempt.attempt_time -= timedelta(minutes=minutes)
            attempt.save()

    def test_the_fifth_failure_costs_a_minute(self, client):
        assert self.fail(client, 4).status_code == 422
        answer = self.fail(client)
        assert answer.status_code == 429 and 0 < int(answer.headers["Retry-After"]) <= 60
        assert "1分钟" in answer.content.decode()

    def test_the_right_password_does_not_help_before_the_wait_is_over(self, client):
        self.fail(client, 5)
        assert enter(client).status_code == 429
        self.pass_time(1.1)
        assert enter(client).status_code == 302
        assert not AccessAttempt.objects.exists()

    def test_each_further_failure_costs_a_longer_wait_up_to_a_quarter(self, client):
        self.fail(client, 5)
        for minutes, before in ((2, 1), (4, 2), (8, 4), (15, 8), (15, 15)):
            self.pass_time(before + 0.1)
            answer = self.fail(client)
            assert answer.status_code == 429
            assert (minutes - 1) * 60 < int(answer.headers["Retry-After"]) <= minutes * 60

    def test_trying_while_waiting_prolongs_nothing(self, client):
        self.fail(client, 5)
        self.fail(client, 5)
        self.pass_time(1.1)
        assert enter(client).status_code == 302

    def test_another_spelling_or_the_phone_counts_for_the_same_account(self, client):
        self.fail(client, 3)
        self.fail(client, username="HAN-mei")
        assert self.fail(client, username="13900000001").status_code == 429

    def test_an_unknown_account_waits_in_the_same_way(self, client):
        assert self.fail(client, 5, username="nobody").status_code == 429

    def test_a_stranger_elsewhere_locks_nobody_out(self, client):
        self.fail(client, 5)
        answer = client.post(
            "/sign-in/",
            {"username": "han-mei", "password": make.PASSWORD},
            REMOTE_ADDR="198.51.100.7",
        )
        assert answer.status_code == 302

    def test_another_browser_at_the_same_address_does_not_help(self, client):
        self.fail(client, 5)
        answer = client.post(
            "/sign-in/",
            {"username": "han-mei", "password": make.PASSWORD},
            headers={"User-Agent": "another"},
        )
        assert answer.status_code == 429

    def test_failures_for_others_do_not_shorten_the_wait(self, client):
        self.fail(client, 5)
        for _ in range(3):
            self.pass_time(15.1)
            self.fail(client)
        self.fail(client, 1, username="nobody")
        assert AccessAttempt.objects.get(username="han-mei").failures_since_start == 8

    def test_failures_are_forgotten_after_a_day(self, client):
        self.fail(client, 5)
        self.pass_time(60 * 24 + 1)
        assert self.fail(client).status_code == 422


class TestSessions:
    @pytest.fixture
    def signed_in(self, client, person):
        client.force_login(person)
        return client

    def move(self, client, **seconds):
        session = client.session
        for key, value in seconds.items():
            session[key] -= value
        session.save()

    def test_an_idle_session_ends(self, signed_in, settings):
        self.move(signed_in, used=settings.SESSION_IDLE_MINUTES * 60 - 30)
        assert signed_in.get("/account/").status_code == 200
        self.move(signed_in, used=settings.SESSION_IDLE_MINUTES * 60 + 60)
        assert signed_in.get("/account/").status_code == 302
        assert not Session.objects.filter(user_id__isnull=False).exists()

    def test_a_session_in_use_ends_at_the_latest_after_its_hours(self, signed_in, settings):
        self.move(signed_in, began=settings.SESSION_HOURS * 3600 + 1)
        assert signed_in.get("/account/").status_code == 302

    def test_a_page_view_writes_the_session_at_most_once_a_minute(
        self, signed_in, django_assert_max_num_queries
    ):
        used = signed_in.session["used"]
        signed_in.get("/account/")
        assert signed_in.session["used"] == used
        self.move(signed_in, used=61)
        signed_in.get("/account/")
        assert signed_in.session["used"] >= used

    def test_moving_the_clock_of_the_domain_signs_nobody_out(self, signed_in):
        with clock.moved(timezone.now() + timedelta(days=30)):
            assert signed_in.get("/account/").status_code == 200

    def test_own_sessions_are_counted_and_ended(self, signed_in, client, person):
        from django.test import Client

        other = Client()
        other.force_login(person)
        assert queries.open_sessions(person) == 2
        assert "2处" in signed_in.get("/account/").content.decode()
        assert signed_in.post("/account/sign-out-everywhere/").url == "/sign-in/"
        assert other.get("/account/").status_code == 302

    def test_a_session_left_idle_is_not_counted(self, signed_in, person, settings):
        row = Session.objects.get()
        row.expire_date -= timedelta(minutes=settings.SESSION_IDLE_MINUTES + 2)
        row.save()
        assert queries.open_sessions(person) == 0

    def test_a_disabled_user_is_out_at_once(self, signed_in, person):
        User.objects.update(is_active=False)
        assert signed_in.get("/account/").status_code == 302


class TestPasswords:
    NEW = "另一句够长的新密码2026"

    def change(self, client, **facts):
        given = {"old": make.PASSWORD, "new": self.NEW, "again": self.NEW, **facts}
        return client.post("/account/password/", given)

    def test_the_own_password_is_changed_and_other_sessions_end(self, client, person):
        from django.test import Client

        other = Client()
        other.force_login(person)
        client.force_login(person)
        assert self.change(client).url == "/account/"
        assert client.get("/account/").status_code == 200
        assert other.get("/account/").status_code == 302
        person.refresh_from_db()
        assert person.check_password(self.NEW)

    @pytest.mark.parametrize(
        "facts",
        [
            {"old": WRONG},
            {"again": WRONG},
            {"new": "短", "again": "短"},
            {"new": make.PASSWORD, "again": make.PASSWORD},
            {"new": ""},
        ],
    )
    def test_a_wrong_change_is_refused(self, client, person, facts):
        client.force_login(person)
        assert self.change(client, **facts).status_code == 422
        person.refresh_from_db()
        assert person.check_password(make.PASSWORD)

    def test_who_must_change_the_password_sees_nothing_else(self, client, db):
        client.force_login(make.user(must_change_password=True))
        assert client.get("/account/").url == "/account/password/"
        assert "先改密码" in client.get("/account/password/").content.decode()
        assert self.change(client).status_code == 302
        assert client.get("/account/").status_code == 200

    def test_an_initial_password_is_no_longer_good_after_a_day(self, client, db):
        make.user(password_until=clock.now() - timedelta(minutes=1))
        answer = enter(client)
        assert answer.status_code == 422 and "初始密码已过期" in answer.content.decode()


class TestDoors:
    @pytest.fixture(autouse=True)
    def _demo(self, settings, db):
        settings.IS_DEMO = True
        make.user("grid-worker", is_demo=True)

    def test_a_demo_role_is_entered_by_its_button(self, client):
        assert "今天走访哪几家" in client.get("/sign-in/").content.decode()
        assert client.post("/sign-in/", {"door": "grid-worker"}).status_code == 302
        assert client.get("/account/").status_code == 200

    @pytest.mark.parametrize("name", ["county-office", "somebody", "nobody", ""])
    def test_no_door_leads_to_any_other_account(self, client, name):
        make.user("county-office")
        make.user("somebody", is_demo=True)
        assert client.post("/sign-in/", {"door": name}).status_code == 404
        assert client.get("/account/").status_code == 302

    def test_production_has_no_doors(self, client, settings):
        settings.IS_DEMO = False
        assert "演示" not in client.get("/sign-in/").content.decode()
        assert client.post("/sign-in/", {"door": "grid-worker"}).status_code == 422
        assert client.get("/account/").status_code == 302


class TestSetUp:
    @pytest.fixture(autouse=True)
    def _production(self, settings, db):
        settings.IS_DEMO = False

    def facts(self, **changes):
        facts = {"city-code": "231000", "city-name": "牡丹江市"}
        for role in ("system_admin", "security_admin", "auditor"):
            facts |= {
                f"{role}-username": role.replace("_", "-"),
                f"{role}-name": "某某",
                f"{role}-password": make.PASSWORD,
                f"{role}-again": make.PASSWORD,
            }
        return facts | changes

    def test_the_first_visitor_is_led_to_the_first_run(self, client):
        assert client.get("/sign-in/").url == "/setup/"
        assert "系统管理员" in client.get("/setup/").content.decode()

    def test_it_makes_the_city_and_signs_the_system_administrator_in(self, client):
        assert client.post("/setup/", self.facts()).status_code == 302
        assert client.get("/people/accounts/").status_code == 200
        assert User.objects.count() == 3

    def test_afterwards_the_page_is_not_there(self, client):
        client.post("/setup/", self.facts())
        assert client.get("/setup/").status_code == 404
        assert client.post("/setup/", self.facts()).status_code == 404

    @pytest.mark.parametrize(
        "changes",
        [
            {"city-code": "231004"},
            {"city-code": "x"},
            {"auditor-password": "短", "auditor-again": "短"},
            {"auditor-again": WRONG},
            {"auditor-username": "system-admin"},
            {"auditor-name": ""},
        ],
    )
    def test_a_fault_is_told_and_nothing_is_half_made(self, client, changes):
        answer = client.post("/setup/", self.facts(**changes))
        assert answer.status_code == 422 and "要改" in answer.content.decode()
        assert not User.objects.exists()

    def test_demo_mode_has_no_first_run(self, client, settings):
        settings.IS_DEMO = True
        assert client.get("/setup/").status_code == 404
        assert client.get("/sign-in/").status_code == 200
