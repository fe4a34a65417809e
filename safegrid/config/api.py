"""The API for other systems, version 1: the packages' routers, one way to fail."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation

from safegrid.checklists.api import router as checklists
from safegrid.enterprises.api import router as enterprises
from safegrid.hazards.api import router as hazards
from safegrid.people.api import Bearer, Browser
from safegrid.people.api import router as people
from safegrid.shared.middleware import problem
from safegrid.shared.refusals import NotAllowed, Refused
from safegrid.territory.api import router as territory
from safegrid.visits.api import router as visits

ROOT = "/api/v1/"
DESCRIPTION = """\
Work-safety supervision of a city: areas, places, check lists, visits, clues and hazards.

* Sign in with `Authorization: Bearer <token>`; the token acts as its user, within their posts.
  A page of the product may use its own session, with the form token in `X-CSRFToken`.
* What lies outside your reach answers 404, a step that is not possible now 409 with the reason.
* Failures are problem documents (RFC 9457) with a sentence in Chinese.
* Lists give up to `limit` rows; put `next` into `after` for more.
* Times carry their offset, coordinates are WGS84, phones are masked, what is unknown is null or "".
"""

FAULTS = {
    "missing": "没有填",
    "extra_forbidden": "没有这个字段",
    "string_type": "应是文字",
    "string_unicode": "有存不了的字符",
    "string_too_long": "最多{max_length}个字",
    "string_too_short": "至少{min_length}个字",
    "string_pattern_mismatch": "格式不对",
    "enum": "只能是{expected}",
    "literal_error": "只能是{expected}",
    "int_type": "应是整数",
    "int_parsing": "应是整数",
    "float_type": "应是数字",
    "float_parsing": "应是数字",
    "bool_type": "应是true或false",
    "bool_parsing": "应是true或false",
    "uuid_type": "不是UUID",
    "uuid_parsing": "不是UUID",
    "date_type": "不是日期，写成2026-11-25这样",
    "date_from_datetime_parsing": "不是日期，写成2026-11-25这样",
    "date_parsing": "不是日期，写成2026-11-25这样",
    "datetime_type": "不是时间，写成2026-11-25T08:00:00+08:00这样",
    "datetime_parsing": "不是时间，写成2026-11-25T08:00:00+08:00这样",
    "datetime_from_date_parsing": "不是时间，写成2026-11-25T08:00:00+08:00这样",
    "timezone_aware": "时间要带时区，写成2026-11-25T08:00:00+08:00这样",
    "greater_than_equal": "不能小于{ge}",
    "less_than_equal": "不能大于{le}",
    "greater_than": "应大于{gt}",
    "less_than": "应小于{lt}",
    "too_long": "最多{max_length}个",
    "too_short": "至少{min_length}个",
    "list_type": "应是列表",
    "dict_type": "应是对象",
    "model_attributes_type": "应是对象",
}
HTTP_FAULTS = {
    400: "内容不是JSON",
    401: "没有凭证，或凭证已失效",
    403: "不在您的职责范围内",
    404: "没有找到",
    429: "请求太密，过一会儿再来",
}


class Api(NinjaAPI):
    """Operations are named by their package and function: `hazards.order_repair`."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        package = operation.view_func.__module__.split(".")[1]
        return f"{package}.{operation.view_func.__name__}"


api = Api(
    title="安网 SafeGrid",
    version="1",
    description=DESCRIPTION,
    auth=[Bearer(), Browser()],
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
for router in (people, territory, enterprises, checklists, visits, hazards):
    api.add_router("", router)


@api.get("/openapi.json", include_in_schema=False)
def openapi(request: HttpRequest) -> HttpResponse:
    """The document of this API, for callers with a token."""
    return HttpResponse(document(), content_type="application/json; charset=utf-8")


def document() -> str:
    """The OpenAPI document as committed in docs/openapi.json: sorted, indented, always the same."""
    schema = api.get_openapi_schema(path_prefix=ROOT)
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True, default=str) + "\n"


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(NotAllowed("没有找到"))


@api.exception_handler(HttpError)
def failed(request: HttpRequest, error: Any) -> HttpResponse:
    title = HTTP_FAULTS.get(error.status_code, str(error))
    response = _problem(title, error.status_code)
    if error.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: Any) -> HttpResponse:
    faults = [{"field": _field(one["loc"]), "message": _sentence(one)} for one in error.errors]
    return _problem("有字段要改", 422, errors=faults)


def _problem(title: str, status: int, **more: Any) -> JsonResponse:
    body = {"type": "about:blank", "title": title, "status": status, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def _field(loc: tuple[Any, ...]) -> str:
    """The name as the caller wrote it: without where it stood and our parameter's name."""
    where, *names = loc
    shown = names[-1:] if where == "query" else names[1:]
    return ".".join(str(name) for name in shown)


def _sentence(fault: dict[str, Any]) -> str:
    text = FAULTS.get(fault["type"])
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    shown = text.format_map(fault.get("ctx", {})) if text else "填得不对"
    return shown.replace(" or ", "、")
