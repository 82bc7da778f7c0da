"""The only place that reads the clock. A request, command or run reads it once."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def today(zone: str = "Africa/Cairo") -> date:
    """The business date in the zone; TAHSIL_TODAY fixes it for demos, pictures and tests."""
    if fixed := os.environ.get("TAHSIL_TODAY"):
        return date.fromisoformat(fixed)
    return now().astimezone(ZoneInfo(zone)).date()
