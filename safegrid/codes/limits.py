"""How often one address may do a thing. Only counters are kept, under keys that name nobody."""

import hashlib
import hmac
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

DAY = 86_400


@dataclass(frozen=True)
class Limit:
    """At most `most` times in each span of `seconds`, per address."""

    name: str
    most: int
    seconds: int

    def wait(self, request: HttpRequest) -> int:
        """Seconds until the next span when this one is used up, else 0."""
        if cache.get(self._key(request), 0) < self.most:
            return 0
        return self.seconds - int(time.time()) % self.seconds

    def count(self, request: HttpRequest) -> None:
        key = self._key(request)
        cache.add(key, 0, self.seconds)
        try:
            cache.incr(key)
        except ValueError:  # the span ended between the two lines
            cache.set(key, 1, self.seconds)

    def _key(self, request: HttpRequest) -> str:
        """The address hashed with the day's salt; the address itself is written nowhere."""
        now = int(time.time())
        address = request.META.get("REMOTE_ADDR", "")
        said = f"{self.name}|{now // DAY}|{now // self.seconds}|{address}"
        return hmac.new(settings.SECRET_KEY.encode(), said.encode(), hashlib.sha256).hexdigest()


UNKNOWN = Limit("unknown-code", most=30, seconds=60)
REPORTS = Limit("report", most=10, seconds=3600)
