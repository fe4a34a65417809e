"""What goes over the wire: bodies, windows of long lists, and problems, alike in every package."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Choices, QuerySet
from ninja import Field, Schema
from ninja.errors import ValidationError
from pydantic import AwareDatetime, ConfigDict, ValidationInfo, field_validator, model_validator
from pydantic_core import CoreSchema, core_schema

from safegrid.shared.refusals import NotAllowed

Row = TypeVar("Row")

LIMIT = 200

AreaCode = Annotated[str, Field(max_length=15, pattern=r"^[0-9A-Z]*$")]
Words = Annotated[str, Field(max_length=2000)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[int, Field(ge=0, lt=2**63)]
Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC)),
]


@dataclass(frozen=True)
class OneOf:
    """Annotates a text that is one of these choices; named nowhere, so no two can collide."""

    choices: type[Choices]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.literal_schema([str(value) for value in self.choices.values])


class Body(Schema):
    """What a caller sends; a field that we do not know is refused, not dropped."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @field_validator("*")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        if isinstance(value, str) and "\x00" in value:
            raise ValueError("有存不了的字符")
        return value


class Filters(Body):
    """What a query string may hold; a misspelt name is refused as in a body."""

    @model_validator(mode="before")
    @classmethod
    def _with_unknown(cls, values: Any, info: ValidationInfo) -> Any:
        """Bring back the names that were left out on the way here."""
        request = (info.context or {}).get("request")
        if request is None or not isinstance(values, dict):
            return values
        unknown = set(request.GET) - set(cls.model_fields)
        return {**values, **{name: request.GET[name] for name in unknown}}


class Window(Filters):
    """Which part of a list: up to `limit` rows after the one where the last answer ended."""

    limit: int = Field(50, ge=1, le=LIMIT, description="How many rows at most")
    after: str = Field("", max_length=64, description="`next` of the answer before")


class UuidWindow(Window):
    after: UUID | None = Field(None, description="`next` of the answer before")  # type: ignore[assignment]


class Page(Schema, Generic[Row]):
    """Some rows of a list; `next` goes into `after` for more, null at the end."""

    items: list[Row]
    next: str | None


class Fault(Schema):
    field: str
    message: str


class Problem(Schema):
    """RFC 9457: what went wrong, as a sentence for people, and the fields at fault."""

    type: str = "about:blank"
    title: str
    status: int
    errors: list[Fault] = []


FAILURES: dict[Any, Any] = {frozenset({401, 404, 409, 422}): Problem}


def window(rows: QuerySet[Any], ask: Window, key: str = "pk") -> dict[str, Any]:
    """The asked part of the rows in the order of `key`; one query, no count."""
    rows = rows.order_by(key)
    if ask.after:
        rows = rows.filter(**{f"{key}__gt": ask.after})
    found = list(rows[: ask.limit + 1])
    shown = found[: ask.limit]
    has_more = len(found) > ask.limit
    return {
        "items": shown,
        "next": str(getattr(shown[-1], key)) if has_more else None,
    }


def find(rows: QuerySet[Any], **which: Any) -> Any:
    """The one row, already narrowed to what the caller may see; refuses as a stranger's."""
    found = rows.filter(**which).first()
    if found is None:
        raise NotAllowed("没有找到")
    return found


def fault(field: str, sentence: str) -> ValidationError:
    """To be raised when a field of the body is well formed but names nothing, or is no use."""
    return ValidationError(
        [{"loc": ("body", "body", field), "type": "value_error", "ctx": {"error": sentence}}]
    )
