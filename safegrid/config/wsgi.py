"""The application that a WSGI server runs."""

import os
from collections.abc import Callable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safegrid.config.settings")


def seen_by_proxy(answer: Callable[..., Any]) -> Callable[..., Any]:
    """Take the visitor's address from the proxy in front: the last one in X-Forwarded-For.

    Limits count per address; without this all visitors behind the proxy would share one.
    """

    def application(environ: dict[str, Any], start: Any) -> Any:
        forwarded = environ.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if forwarded:
            environ["REMOTE_ADDR"] = forwarded
        return answer(environ, start)

    return application


application: Callable[..., Any] = get_wsgi_application()
if os.environ.get("TRUST_PROXY") == "1":
    application = seen_by_proxy(application)
