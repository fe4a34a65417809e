from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from safegrid.enterprises import actions, exporting, imports, queries
from safegrid.enterprises.forms import KeeperForm, PlaceForm, UploadForm, on_file
from safegrid.enterprises.industries import industry_name
from safegrid.enterprises.models import (
    Grade,
    ImportState,
    Place,
    PlaceImport,
    PlaceState,
    RowVerdict,
)
from safegrid.enterprises.sheets import SheetRefused
from safegrid.people.models import User
from safegrid.shared import tables
from safegrid.shared.access import require
from safegrid.shared.refusals import StaleForm
from safegrid.territory.models import Area

TABS = (RowVerdict.ERROR, RowVerdict.DUPLICATE, RowVerdict.CHANGED, RowVerdict.NEW, RowVerdict.SAME)


@require_GET
def place_list(request: HttpRequest) -> HttpResponse:
    require(request.user, "enterprises.view")
    filters = queries.Filters.read(request.GET)
    allowed = Place.objects.allowed(request.user, "enterprises.view")
    rows = filters.narrow(allowed).select_related("kind", "grid", "lead_department")
    rows = rows.defer("grid__boundary")
    user: Any = request.user
    shown = {
        "filters": filters,
        "page": tables.page(rows, request),
        "kinds": queries.kind_groups(),
        "areas": queries.area_choices(user, "enterprises.view", filters.area),
        "leads": queries.leads(allowed),
        "states": PlaceState.choices,
        "grades": Grade.choices,
        "gaps": queries.GAPS.items(),
        "query": request.GET.urlencode(),
        "may_add": user.may("enterprises.edit"),
        "may_import": user.may("enterprises.import_places"),
    }
    return render(request, "enterprises/list.html", shown)


@require_GET
def export(request: HttpRequest) -> FileResponse:
    require(request.user, "enterprises.view")
    filters = queries.Filters.read(request.GET)
    rows = filters.narrow(Place.objects.allowed(request.user, "enterprises.view"))
    return exporting.places(rows, filters, by=request.user)


@require_http_methods(["GET", "POST"])
def add_place(request: HttpRequest) -> HttpResponse:
    require(request.user, "enterprises.edit")
    form = PlaceForm(request.POST or None)
    if form.is_valid():
        try:
            place = actions.add_place(by=_by(request), **form.facts())
        except ValidationError as error:
            _tell(form, error)
        else:
            messages.success(request, f"已建档，编号{place.number}")
            return redirect(place)
    return _form(request, "enterprises/add_place.html", {"form": form})


@require_http_methods(["GET", "POST"])
def edit_place(request: HttpRequest, pk: UUID) -> HttpResponse:
    place = _editable(request, pk)
    form = PlaceForm(request.POST or None, place=place)
    if form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            actions.edit_place(place, by=_by(request), version=version, **form.facts())
        except StaleForm as stale:
            return _stale(request, stale.record, form)
        except ValidationError as error:
            _tell(form, error)
        else:
            messages.success(request, "已改好")
            return redirect(place)
    return _edit(request, place, form=form)


@require_POST
def add_keeper(request: HttpRequest, pk: UUID) -> HttpResponse:
    place = _editable(request, pk)
    form = KeeperForm(request.POST)
    if form.is_valid():
        facts = dict(form.cleaned_data)
        username = facts.pop("username")
        try:
            user = _account(username)
            actions.add_keeper(place, user=user, by=_by(request), **facts)
        except ValidationError as error:
            _tell(form, error)
        else:
            messages.success(request, f"已登记{facts['name']}")
            return redirect("enterprises:edit_place", pk=place.pk)
    return _edit(request, place, keeper_form=form)


@require_POST
def remove_keeper(request: HttpRequest, pk: UUID, keeper: int) -> HttpResponse:
    place = _editable(request, pk)
    found = get_object_or_404(place.keepers.current() | _waiting(place), pk=keeper)
    actions.remove_keeper(found, by=_by(request))
    messages.success(request, f"已解除{found.name}")
    return redirect("enterprises:edit_place", pk=place.pk)


@require_http_methods(["GET", "POST"])
def import_places(request: HttpRequest) -> HttpResponse:
    require(request.user, "enterprises.import_places")
    areas = _import_areas(request.user)
    form = UploadForm(request.POST or None, request.FILES or None, areas=areas)
    if form.is_valid():
        file = form.cleaned_data["file"]
        area = form.cleaned_data["area_code"]
        try:
            upload = imports.preview(file, by=_by(request), area_code=area, file_name=file.name)
        except SheetRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect(upload)
    uploads = PlaceImport.objects.allowed(request.user, "enterprises.import_places")
    recent = uploads.select_related("by").order_by("-created_at")[:10]
    return _form(request, "enterprises/import_places.html", {"form": form, "uploads": recent})


@require_GET
def import_preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    upload = _upload(request, pk)
    counts = upload.counts
    tabs = [(verdict, verdict.label, counts[verdict]) for verdict in TABS if counts.get(verdict)]
    chosen = tables.choice(request, "verdict", [tab[0].value for tab in tabs])
    chosen = chosen or (tabs[0][0].value if tabs else "")
    rows = upload.rows.filter(verdict=chosen).select_related("place").order_by("line")
    page = tables.page(rows, request)
    shown = {
        "upload": upload,
        "tabs": tabs,
        "chosen": chosen,
        "page": page,
        "rows": [(row, imports.told(row)) for row in page.rows],
        "area": Area.objects.filter(code=upload.area_code).first(),
        "to_write": counts.get(RowVerdict.NEW, 0) + counts.get(RowVerdict.CHANGED, 0),
        "errors": counts.get(RowVerdict.ERROR, 0),
        "duplicates": counts.get(RowVerdict.DUPLICATE, 0),
        "is_running": upload.state == ImportState.COMMITTING,
        "is_stuck": imports.is_stuck(upload),
    }
    return render(request, "enterprises/import_preview.html", shown)


@require_POST
def import_commit(request: HttpRequest, pk: UUID) -> HttpResponse:
    upload = _upload(request, pk)
    imports.start(upload, by=_by(request))
    return redirect(upload)


@require_POST
def import_undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    upload = _upload(request, pk)
    imports.undo(upload, by=_by(request))
    messages.success(request, "已撤销，回到导入以前")
    return redirect(upload)


@require_GET
def import_template(request: HttpRequest) -> FileResponse:
    require(request.user, "enterprises.import_places")
    return exporting.template()


def _by(request: HttpRequest) -> User:
    return cast(User, request.user)


def _editable(request: HttpRequest, pk: UUID) -> Place:
    rows = Place.objects.allowed(request.user, "enterprises.edit")
    found: Place = get_object_or_404(rows.select_related("enterprise", "kind", "grid"), pk=pk)
    return found


def _upload(request: HttpRequest, pk: UUID) -> PlaceImport:
    rows = PlaceImport.objects.allowed(request.user, "enterprises.import_places")
    found: PlaceImport = get_object_or_404(rows.select_related("by"), pk=pk)
    return found


def _form(request: HttpRequest, template: str, shown: dict[str, Any]) -> HttpResponse:
    return render(request, template, shown, status=422 if shown["form"].errors else 200)


def _edit(
    request: HttpRequest,
    place: Place,
    form: PlaceForm | None = None,
    keeper_form: KeeperForm | None = None,
) -> HttpResponse:
    form, keeper_form = form or PlaceForm(place=place), keeper_form or KeeperForm()
    keepers = place.keepers.current() | _waiting(place)
    shown = {
        "place": place,
        "form": form,
        "keeper_form": keeper_form,
        "keepers": keepers.select_related("user").order_by("role", "id"),
        "industry": industry_name(place.industry),
    }
    status = 422 if form.errors or keeper_form.errors else 200
    return render(request, "enterprises/edit_place.html", shown, status=status)


def _stale(request: HttpRequest, place: Place, form: PlaceForm) -> HttpResponse:
    """Both versions side by side; sent again, the form counts against the new one."""
    now = on_file(place)
    mine = form.cleaned_data
    names = [name for name in form.changed_data if name in now and name != "version"]
    changed = {name for name in now if str(now[name]) != str(form.initial.get(name))}
    pairs = [
        (form.fields[name].label, form.shown(name, mine[name]), form.shown(name, now[name]))
        for name in form.fields
        if name in (*names, *changed) and name in now and name != "version"
        and str(mine[name] or "") != str(now[name] or "")
    ]  # fmt: skip
    data = request.POST.copy()
    data["version"] = str(place.version)
    again = PlaceForm(data, place=place)
    shown = {"place": place, "form": again, "pairs": pairs, "keeper_form": KeeperForm()}
    return render(request, "enterprises/edit_place.html", shown, status=409)


def _tell(form: Any, error: ValidationError) -> None:
    """Each sentence at its field, at the top where the form has no such field."""
    faults = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, words in faults.items():
        form.add_error(name if name in form.fields else None, words)


def _account(username: str) -> User | None:
    if not username:
        return None
    user = User.objects.filter(username__iexact=username, is_active=True).first()
    if user is None:
        raise ValidationError({"username": f"没有账号“{username}”"})
    return user


def _waiting(place: Place) -> Any:
    return place.keepers.filter(ends_on__isnull=True, confirmed_at__isnull=True)


def _import_areas(user: Any) -> list[tuple[str, str]]:
    """The areas a list may be about: those of the user's posts, and what lies right below."""
    rows: list[Area] = []
    for post in user.posts_granting("enterprises.import_places"):
        level = post.area.level
        below = Area.objects.in_force().below(post.area_code)
        rows += below.filter(level__in=(level, level + 1)).order_by("code")
    return list(dict.fromkeys((area.code, area.full_name) for area in rows))
