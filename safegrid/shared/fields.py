from typing import Any

from django.db import models


class CodeField(models.CharField):  # type: ignore[type-arg]
    """A code compared by bytes on both databases, so that prefix ranges hold with letters too."""

    def db_parameters(self, connection: Any) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters
