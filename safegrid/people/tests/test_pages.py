from datetime import timedelta

import pytest

from safegrid.people import actions
from safegrid.people.models import ApiToken, Organisation, Post, Tenure, User
from safegrid.people.tests import make
from safegrid.shared import clock
from tests import town as makers


@pytest.fixture
def system(town) -> User:
    return makers.person("system", "管账", "system_admin", town.city, town.city_body)


@pytest.fixture
def security(town) -> User:
    return makers.person("security", "管岗", "security_admin", town.city, town.city_body)


@pytest.fixture
def post(town) -> Post:
    return make.post(town.street_body, town.street, name="值守岗")


def _text(answer) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


class TestDirectory:
    def test_posts_are_listed_with_holders_and_masked_phones(self, client, officer, worker, post):
        client.force_login(officer)
        text = _text(client.get("/people/"))
        assert "韩梅" in text and "空缺" in text
        assert "13900000000" not in text and "0453-0000114" not in text

    def test_only_posts_within_the_reach_are_seen(self, client, officer, stranger, post):
        client.force_login(stranger)
        assert "值守岗" not in _text(client.get("/people/"))
        assert client.get(f"/people/posts/{post.pk}/").status_code == 404
        assert client.get(f"/people/organisations/{post.organisation_id}/").status_code == 404

    @pytest.mark.parametrize(
        ("query", "seen", "hidden"),
        [
            ({"q": "韩梅"}, "韩梅的岗位", "周宁的岗位"),
            ({"q": "消防"}, "邵文的岗位", "韩梅的岗位"),
            ({"q": "大庆 周宁"}, "周宁的岗位", "韩梅的岗位"),
            ({"role": "grid_worker"}, "韩梅的岗位", "周宁的岗位"),
            ({"line": "fire"}, "邵文的岗位", "韩梅的岗位"),
            ({"area": "231004005"}, "韩梅的岗位", "邵文的岗位"),
            ({"role": "unknown", "line": "x", "page": "x"}, "韩梅的岗位", "没有合条件"),
            ({"area": "\U0010ffff"}, "韩梅的岗位", "没有合条件"),
        ],
    )
    def test_the_list_is_filtered(
        self, client, city_office, worker, officer, inspector, query, seen, hidden
    ):
        client.force_login(city_office)
        text = _text(client.get("/people/", query))
        assert seen in text and hidden not in text

    def test_nobody_found_says_what_to_do(self, client, office):
        client.force_login(office)
        assert "少选一个条件" in _text(client.get("/people/", {"q": "没有这个人"}))

    def test_a_grid_worker_and_an_auditor_have_no_directory(self, client, town, worker):
        auditor = makers.person("auditor", "查账", "auditor", town.city, town.city_body)
        for user in (worker, auditor):
            client.force_login(user)
            assert client.get("/people/").status_code == 404

    def test_the_list_takes_at_most_twelve_queries(
        self, client, town, office, django_assert_max_num_queries
    ):
        for serial in range(60):
            post = make.post(town.street_body, town.street, name=f"岗{serial}")
            make.sit(post, make.user(f"user-{serial}"))
        client.force_login(office)
        with django_assert_max_num_queries(12):
            assert "下一页" in _text(client.get("/people/"))

    def test_a_post_shows_who_sat_there_and_what_it_may(self, client, officer, worker):
        post = worker.posts[0]
        client.force_login(officer)
        text = _text(client.get(f"/people/posts/{post.pk}/"))
        assert "在岗" in text and "走访" in text and "13900000000" not in text
        assert "到岗</a>" not in text

    def test_a_body_shows_its_posts(self, client, officer, post):
        client.force_login(officer)
        assert "值守岗" in _text(client.get(f"/people/organisations/{post.organisation_id}/"))


class TestPosts:
    def test_the_security_administrator_makes_body_post_and_tenure(self, client, town, security):
        person = make.user()
        client.force_login(security)
        given = {"name": "示例应急站", "kind": "service", "area_code": town.street.code}
        assert client.post("/people/organisations/add/", given).status_code == 302
        body = Organisation.objects.get(name="示例应急站")
        given = {
            "name": "值班员",
            "role": "expert",
            "area_code": town.grid.code,
            "industries": "h62，C",
        }
        client.post(f"/people/organisations/{body.pk}/add-post/", given)
        post = Post.objects.get(name="值班员")
        assert (post.area, post.industries) == (town.grid, ["H62", "C"])
        given = {"username": "han-mei", "starts_on": clock.today().isoformat()}
        assert client.post(f"/people/posts/{post.pk}/take/", given).status_code == 302
        assert Tenure.objects.get(post=post).user == person

    def test_who_leaves_leaves_the_post_behind(self, client, security, post):
        tenure = make.sit(post, make.user())
        client.force_login(security)
        address = f"/people/posts/{post.pk}/leave/{tenure.pk}/"
        past = (clock.today() - timedelta(days=1)).isoformat()
        assert client.post(address, {"ends_on": past}).status_code == 422
        assert client.post(address, {"ends_on": clock.today().isoformat()}).status_code == 302
        assert "离岗" in _text(client.get(f"/people/posts/{post.pk}/"))
        assert client.post(f"/people/posts/{post.pk}/close/").status_code == 302
        post.refresh_from_db()
        assert post.valid_to == clock.today()

    def test_the_power_to_inspect_is_set_on_the_post(self, client, security, post):
        client.force_login(security)
        address = f"/people/posts/{post.pk}/edit/"
        assert 'name="version"' in _text(client.get(address))
        given = {"name": "值守岗", "is_empowered": "on", "version": 1}
        assert client.post(address, given).status_code == 302
        assert client.post(address, given | {"is_empowered": ""}).status_code == 409
        post.refresh_from_db()
        assert post.is_empowered

    @pytest.mark.parametrize(
        "facts",
        [
            {"username": "nobody"},
            {"starts_on": "什么时候"},
            {"ends_on": "2020-01-01"},
        ],
    )
    def test_a_wrong_tenure_is_refused(self, client, security, post, facts):
        make.user()
        client.force_login(security)
        given = {"username": "han-mei", "starts_on": clock.today().isoformat(), **facts}
        assert client.post(f"/people/posts/{post.pk}/take/", given).status_code == 422

    def test_three_administrators_stay_three_people(self, client, town, security, system):
        post = make.post(town.city_body, town.city, role="auditor")
        client.force_login(security)
        given = {"username": "system", "starts_on": clock.today().isoformat()}
        answer = client.post(f"/people/posts/{post.pk}/take/", given)
        assert answer.status_code == 409 and "三员" in answer.content.decode()

    @pytest.mark.parametrize(
        "facts",
        [
            {"area_code": "999999"},
            {"role": "keeper"},
            {"industries": "62-"},
            {"role": "grid_worker", "is_empowered": "on"},
            {"area_code": "231025"},
        ],
    )
    def test_a_wrong_post_is_refused(self, client, town, security, facts):
        client.force_login(security)
        given = {"name": "岗", "role": "expert", "area_code": town.street.code, **facts}
        address = f"/people/organisations/{town.street_body.pk}/add-post/"
        assert client.post(address, given).status_code == 422
        assert not Post.objects.filter(name="岗").exists()

    def test_a_wrong_body_is_refused(self, client, town, security):
        client.force_login(security)
        given = {"name": town.fire.name, "kind": "department", "area_code": "231004"}
        assert client.post("/people/organisations/add/", given).status_code == 422
        given = {"name": "新单位", "kind": "department", "area_code": "999999"}
        assert client.post("/people/organisations/add/", given).status_code == 422

    def test_others_find_no_page_that_changes_posts(self, client, office, system, worker, post):
        tenure = make.sit(post, make.user())
        for user in (office, system, worker):
            client.force_login(user)
            for address in (
                "/people/organisations/add/",
                f"/people/organisations/{post.organisation_id}/add-post/",
                f"/people/posts/{post.pk}/edit/",
                f"/people/posts/{post.pk}/take/",
                f"/people/posts/{post.pk}/close/",
                f"/people/posts/{post.pk}/leave/{tenure.pk}/",
            ):
                assert client.get(address).status_code == 404
                assert client.post(address).status_code == 404

    def test_a_security_administrator_of_a_county_manages_that_county(self, client, town):
        local = makers.person("local", "县管岗", "security_admin", town.county, town.office_body)
        city_post = make.post(town.city_body, town.city)
        client.force_login(local)
        assert client.get(f"/people/posts/{city_post.pk}/take/").status_code == 404
        given = {"name": "新单位", "kind": "office", "area_code": "231025"}
        assert client.post("/people/organisations/add/", given).status_code == 422


class TestAccounts:
    def test_an_account_is_opened_with_a_password_shown_once(self, client, system):
        client.force_login(system)
        given = {"username": "lv-jing", "name": "吕静", "phone": "139 0000 0002"}
        text = _text(client.post("/people/accounts/add/", given))
        person = User.objects.get(username="lv-jing")
        assert "只显示这一次" in text and person.phone == "13900000002"
        assert person.must_change_password and person.has_usable_password()
        assert "密码：" not in _text(client.get(f"/people/accounts/{person.pk}/"))

    def test_an_account_of_a_machine_has_no_password(self, client, system):
        client.force_login(system)
        given = {"username": "gate", "name": "门禁", "is_machine": "on"}
        assert client.post("/people/accounts/add/", given).status_code == 302
        assert not User.objects.get(username="gate").has_usable_password()

    @pytest.mark.parametrize(
        "facts", [{"username": "SYSTEM"}, {"phone": "12"}, {"name": ""}, {"username": ""}]
    )
    def test_a_wrong_account_is_refused(self, client, system, facts):
        client.force_login(system)
        given = {"username": "lv-jing", "name": "吕静", **facts}
        assert client.post("/people/accounts/add/", given).status_code == 422
        assert not User.objects.filter(name="吕静").exists()

    @pytest.mark.parametrize("state", ["", "active", "disabled", "machine"])
    def test_accounts_are_listed_and_found(
        self, client, system, worker, state, django_assert_max_num_queries
    ):
        client.force_login(system)
        with django_assert_max_num_queries(12):
            text = _text(client.get("/people/accounts/", {"state": state}))
        assert ("韩梅" in text) == (state in ("", "active"))
        assert "13900000000" not in text
        found = _text(client.get("/people/accounts/", {"q": "WORKER"}))
        assert "韩梅" in found and f"/people/accounts/{system.pk}/" not in found

    def test_facts_are_changed_and_everything_ended(self, client, system, worker):
        from django.test import Client

        theirs = Client()
        theirs.force_login(worker)
        client.force_login(system)
        address = f"/people/accounts/{worker.pk}/"
        assert "韩梅" in _text(client.get(address))
        client.post(f"{address}edit/", {"name": "韩美", "phone": ""})
        worker.refresh_from_db()
        assert (worker.name, worker.phone) == ("韩美", "")
        assert client.post(f"{address}edit/", {"name": ""}).status_code == 422
        client.post(f"{address}sign-out/")
        assert theirs.get("/account/").status_code == 302
        assert "只显示这一次" in _text(client.post(f"{address}reset-password/"))
        client.post(f"{address}set-active/")
        worker.refresh_from_db()
        assert not worker.is_active
        client.post(f"{address}set-active/", {"is_active": "1"})
        worker.refresh_from_db()
        assert worker.is_active

    def test_a_token_is_shown_once_and_revoked(self, client, system):
        machine = make.user("gate", is_machine=True)
        client.force_login(system)
        given = {"user": machine.pk, "name": "门禁平台", "days": "90"}
        text = _text(client.post("/people/tokens/", given))
        assert "只显示这一次" in text
        token = ApiToken.objects.get()
        assert "只显示这一次" not in _text(client.get("/people/tokens/"))
        assert client.post(f"/people/tokens/{token.pk}/revoke/").status_code == 302
        assert "已作废" in _text(client.get("/people/tokens/"))
        assert "门禁平台" in _text(client.get(f"/people/accounts/{machine.pk}/"))

    def test_no_token_is_issued_for_a_person(self, client, system, worker):
        client.force_login(system)
        given = {"user": worker.pk, "name": "冒用", "days": "90"}
        assert client.post("/people/tokens/", given).status_code == 422
        assert not ApiToken.objects.exists()

    def test_others_find_no_page_about_accounts(self, client, office, security, worker):
        token = ApiToken.objects.create(
            user=make.user("gate", is_machine=True), name="x", expires_at=clock.now(), digest="x"
        )
        account = f"/people/accounts/{worker.pk}"
        pages = ["/people/accounts/", "/people/accounts/add/", f"{account}/", f"{account}/edit/"]
        posts = [f"{account}/{step}/" for step in ("reset-password", "set-active", "sign-out")]
        for user in (office, security, worker):
            client.force_login(user)
            for address in [*pages, "/people/tokens/"]:
                assert client.get(address).status_code == 404
            for address in [*posts, f"/people/tokens/{token.pk}/revoke/"]:
                assert client.post(address).status_code == 404


def test_the_own_account_shows_posts_and_a_masked_phone(client, worker):
    client.force_login(worker)
    text = _text(client.get("/account/"))
    assert "韩梅的岗位" in text and "139****0000" in text and "13900000000" not in text


def test_a_keeper_and_a_person_without_a_post_are_told_so(client, keeper):
    client.force_login(keeper)
    assert "场所负责人" in _text(client.get("/account/"))
    client.force_login(make.user())
    assert "还没有岗位" in _text(client.get("/account/"))


def test_names_with_signs_are_shown_as_text(client, system, town):
    name = "<script>alert(1)</script>"
    person = actions.add_user(username="odd", name=name)
    client.force_login(system)
    assert name not in _text(client.get(f"/people/accounts/{person.pk}/"))
