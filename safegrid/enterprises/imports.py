"""Lists of places brought in: read, previewed row by row, committed whole or not at all, undone."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django_tasks import task

from safegrid.enterprises import actions, columns, comparing, ground, register, sheets
from safegrid.enterprises.columns import Record
from safegrid.enterprises.facts import Known, text
from safegrid.enterprises.models import (
    Enterprise,
    ImportState,
    Place,
    PlaceImport,
    PlaceImportRow,
    RowVerdict,
)
from safegrid.people.models import User
from safegrid.shared import clock, journal, masking
from safegrid.shared.numbers import fold
from safegrid.shared.refusals import NotAllowed, Refused, StepRefused
from safegrid.territory import queries as territory
from safegrid.territory.codes import prefix_end

DIRECT_ROWS = 500
PERMISSION = "enterprises.import_places"
PATIENCE = timedelta(minutes=3)
NAMED = 3


def read_rows(path: Path) -> Iterator[Record]:
    """The rows of a list of places; raises SheetRefused."""
    with path.open("rb") as stream:
        yield from columns.records(sheets.read_lines(stream))


def preview(stream: BinaryIO, *, by: User, area_code: str, file_name: str = "") -> PlaceImport:
    """Judge every row of a list about an area, and keep the verdicts; nothing else is written.

    Raises SheetRefused for a file that can't be read, NotAllowed outside the actor's area.
    """
    if not area_code or not by.covers(PERMISSION, PlaceImport(area_code=area_code)):
        raise NotAllowed("导入的范围不在您的职责范围内")
    rows = list(columns.records(sheets.read_lines(stream)))
    if not rows:
        raise sheets.SheetRefused("表头下面没有内容")
    findings = _judged(rows, area_code)
    with transaction.atomic():
        upload = PlaceImport.objects.create(
            area_code=area_code,
            file_name=text(1000, file_name)[-120:] or "名单",
            by=by,
            total=len(findings),
            counts=dict(Counter(str(finding.verdict) for finding in findings)),
        )
        kept = [_row(upload, finding) for finding in findings]
        PlaceImportRow.objects.bulk_create(kept, batch_size=register.CHUNK)
    return upload


def start(upload: PlaceImport, *, by: User) -> None:
    """Commit now when the list is short, else in the background."""
    if upload.total <= DIRECT_ROWS:
        commit(upload, by=by)
        return
    with transaction.atomic():
        row = _locked(upload, by)
        if row.state != ImportState.PREVIEW and not is_stuck(row):
            raise StepRefused(f"这份名单{row.get_state_display()}，不能再导入")
        _refuse_errors(row)
        row.state, row.started_at, row.error = ImportState.COMMITTING, clock.now(), ""
        row.save()
    commit_in_background.enqueue(str(upload.pk), by.pk)


def is_stuck(upload: PlaceImport) -> bool:
    """Whether the background task has been gone so long that it may be started again."""
    is_running = upload.state == ImportState.COMMITTING
    return bool(is_running and clock.now() - (upload.started_at or upload.created_at) > PATIENCE)


@task()
def commit_in_background(upload_id: str, by_id: int) -> None:
    """What `start` leaves to the worker; a refusal is kept on the upload."""
    upload = PlaceImport.objects.get(pk=UUID(upload_id))
    try:
        commit(upload, by=User.objects.get(pk=by_id))
    except Refused:
        return


def commit(upload: PlaceImport, *, by: User) -> PlaceImport:
    """Write the new and changed rows in one transaction; duplicates and unchanged rows are left.

    Raises Refused, with nothing written, when a row has an error or the file has moved on since.
    """
    try:
        return _commit(upload, by)
    except (Refused, ValidationError) as error:
        words = "；".join(error.messages) if isinstance(error, ValidationError) else str(error)
        if not isinstance(error, StepRefused | NotAllowed):
            open_states = (ImportState.PREVIEW, ImportState.COMMITTING)
            PlaceImport.objects.filter(pk=upload.pk, state__in=open_states).update(
                state=ImportState.FAILED, error=words[:200]
            )
        raise error if isinstance(error, Refused) else Refused(words) from error


@transaction.atomic
def undo(upload: PlaceImport, *, by: User) -> PlaceImport:
    """Take back a committed list: new places go, changed ones get their earlier values.

    Raises Refused, with nothing written, when something has happened to one of them since.
    """
    row = _locked(upload, by)
    if row.state != ImportState.COMMITTED:
        raise StepRefused("只有已导入的名单能撤销")
    new = _rows(row, RowVerdict.NEW)
    changed = _rows(row, RowVerdict.CHANGED)
    _refuse_used([one.place for one in new if one.place])
    _refuse_moved(changed, moved_by=1)
    known = Known.read()
    note = f"撤销导入：{row.file_name}"
    _write_changes([(one, _before(one)["values"]) for one in changed], known, by, note)
    _remove([one.place for one in new if one.place], by, note)
    row.state = ImportState.UNDONE
    row.version += 1
    row.save()
    _journal("enterprises.undo_import", "撤销导入", row, by)
    return row


@transaction.atomic
def _commit(upload: PlaceImport, by: User) -> PlaceImport:
    row = _locked(upload, by)
    if row.state not in (ImportState.PREVIEW, ImportState.COMMITTING):
        raise StepRefused(f"这份名单{row.get_state_display()}，不能再导入")
    _refuse_errors(row)
    new = _rows(row, RowVerdict.NEW)
    changed = _rows(row, RowVerdict.CHANGED)
    _refuse_moved(changed, moved_by=0)
    _refuse_newcomers(row, new)
    known = Known.read()
    _write_new(row, new, known, by)
    note = f"导入：{row.file_name}"
    pairs = [(one, {name: one.values[name] for name in one.difference}) for one in changed]
    _write_changes(pairs, known, by, note)
    row.state, row.committed_at, row.done = ImportState.COMMITTED, clock.now(), row.total
    row.version += 1
    row.save()
    _journal("enterprises.import_places", "批量导入", row, by)
    return row


def _judged(rows: list[Record], area_code: str) -> list[comparing.Finding]:
    given = [{name: row.facts[name] for name in row.facts if name != "number"} for row in rows]
    prepared = ground.prepare(given, Known.read(), area_code)
    numbers = [{"number": fold(str(row.facts.get("number", "")))} for row in rows]
    wanted = [{**values, **number} for (values, _), number in zip(prepared, numbers, strict=True)]
    judge = comparing.Judge(comparing.Filed(area_code, wanted))
    return [
        judge.judge(row, values, errors)
        for row, (values, errors) in zip(rows, prepared, strict=True)
    ]


def _row(upload: PlaceImport, finding: comparing.Finding) -> PlaceImportRow:
    before = None
    if finding.verdict == RowVerdict.CHANGED and finding.place:
        old = {name: pair[0] for name, pair in finding.difference.items()}
        before = {"version": finding.place.version, "values": old}
    return PlaceImportRow(
        upload=upload,
        line=finding.line,
        verdict=finding.verdict,
        values=comparing.to_json(finding.values),
        difference=finding.difference,
        errors=finding.errors,
        place=finding.place,
        before=before,
    )


def _locked(upload: PlaceImport, by: User) -> PlaceImport:
    rows = PlaceImport.objects.allowed(by, PERMISSION).select_for_update(of=("self",))
    found: PlaceImport | None = rows.filter(pk=upload.pk).first()
    if found is None:
        raise NotAllowed("不在您的职责范围内")
    return found


def _rows(upload: PlaceImport, verdict: str) -> list[PlaceImportRow]:
    return list(upload.rows.filter(verdict=verdict).select_related("place__enterprise"))


def _before(row: PlaceImportRow) -> dict[str, Any]:
    """What a changed row found: the version of the place and the values it replaces."""
    return dict(row.before or {})


def _refuse_errors(upload: PlaceImport) -> None:
    if count := upload.counts.get(RowVerdict.ERROR):
        raise StepRefused(f"有{count}行有错，改好再传；一行也没有写入")


def _refuse_moved(rows: list[PlaceImportRow], *, moved_by: int) -> None:
    """Refuse when a place is not as the list saw it, `moved_by` versions on."""
    moved = [
        row
        for row in rows
        if not row.place or row.place.version != _before(row)["version"] + moved_by
    ]
    if moved:
        when = "导入" if moved_by else "预览"
        raise Refused(f"{when}以后又有人改过{_named([row.place for row in moved])}，一行也没有写入")


def _refuse_newcomers(upload: PlaceImport, rows: list[PlaceImportRow]) -> None:
    """Refuse when a place that the list takes for new was filed by somebody after the preview."""
    since = Place.objects.filter(
        created_at__gte=upload.created_at,
        area_code__gte=upload.area_code,
        area_code__lt=prefix_end(upload.area_code),
    )
    if not since.exists():
        return
    wanted = {(row.values.get("name"), row.values.get("address")) for row in rows}
    found = [place for place in since if (place.name, place.address) in wanted]
    if found:
        raise Refused(f"预览以后有人建了{_named(found)}，重新上传这份名单")


def _write_new(upload: PlaceImport, rows: list[PlaceImportRow], known: Known, by: User) -> None:
    values = [comparing.from_json(row.values) for row in rows]
    notes = [f"导入：{upload.file_name}第{row.line}行" for row in rows]
    places = actions.write_places(values, known, by=by, permission=PERMISSION, notes=notes)
    for row, place in zip(rows, places, strict=True):
        row.place = place
    PlaceImportRow.objects.bulk_update(rows, ["place"], batch_size=register.CHUNK)


def _write_changes(
    pairs: list[tuple[PlaceImportRow, dict[str, Any]]], known: Known, by: User, note: str
) -> None:
    drafts = []
    for row, values in pairs:
        draft = actions.change_place(
            row.place,  # type: ignore[arg-type]
            comparing.from_json(values),
            known,
            by=by,
            note=f"{note}第{row.line}行",
        )
        if draft:
            drafts.append(draft)
    for part in register.chunks(drafts):
        journal.write(part)


def _refuse_used(places: list[Place]) -> None:
    """Refuse when something already hangs on a new place, or somebody changed it."""
    used = [place for place in places if place.version > 1]
    for part in register.chunks(places):
        held: set[Any] = set()
        for relation in Place._meta.related_objects:
            if relation.related_model is not PlaceImportRow:
                held |= _holding(relation, part)
        used += [place for place in part if place.pk in held and place.version == 1]
    if used:
        raise Refused(
            f"{_named(used)}导入以后已有改动、走访、隐患、门牌或负责人登记，不能撤销；一处也没有动"
        )


def _holding(relation: Any, places: Any) -> set[Any]:
    name = relation.field.name
    rows = relation.related_model._base_manager.filter(**{f"{name}__in": places})
    return set(rows.values_list(f"{name}_id", flat=True))


def _remove(places: list[Place], by: User, note: str) -> None:
    """Delete places nothing hangs on, and enterprises left without one; their entries stay."""
    enterprises = {place.enterprise_id for place in places}
    for part in register.chunks(places):
        journal.write(
            journal.draft(
                "enterprises.remove_place",
                "撤销建档",
                place,
                by=by,
                area_code=place.area_code,
                changes={"number": [place.number, None], "name": [place.name, None]},
                note=note,
            )
            for place in part
        )
        Place.objects.filter(pk__in=[place.pk for place in part]).delete()
    for ids in register.chunks(list(enterprises)):
        Enterprise.objects.filter(pk__in=ids, places__isnull=True).delete()


def _named(places: list[Any]) -> str:
    shown = "、".join(f"{place.number} {place.name}" for place in places[:NAMED] if place)
    return f"{shown}等{len(places)}处" if len(places) > NAMED else shown


def _journal(step: str, label: str, upload: PlaceImport, by: User) -> None:
    journal.record(
        step,
        label,
        upload,
        by=by,
        post=by.post_name(PERMISSION, upload),
        area_code=upload.area_code,
        changes={"counts": [None, upload.counts]},
        note=f"{upload.file_name}，{territory.name_of(upload.area_code)}",
    )


def told(row: PlaceImportRow) -> list[tuple[str, str, str]]:
    """What a row changes: label, old, new; phones masked."""
    return [
        (comparing.label(name), _said(name, old), _said(name, new))
        for name, (old, new) in row.difference.items()
        if name != "grid_id"
    ]


def _said(name: str, value: Any) -> str:
    if name.endswith("phone"):
        return masking.mask_phone(str(value or ""))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    return "" if value is None else str(value)
