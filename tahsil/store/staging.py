"""What became of staged rows, written in bulk: the ORM's bulk update is fifty times slower."""

from __future__ import annotations

import json
from collections.abc import Iterable

from django.db import connection

from tahsil.store.models import ImportRow

_UPDATE = "UPDATE store_importrow SET status = %s, remarks = %s, target = %s WHERE id = %s"


def mark(rows: Iterable[ImportRow]) -> None:
    """Writes the status, remarks and target of these rows."""
    with connection.cursor() as cursor:
        cursor.executemany(
            _UPDATE,
            [
                (row.status, json.dumps(row.remarks, ensure_ascii=False), row.target, row.id)
                for row in rows
            ],
        )
