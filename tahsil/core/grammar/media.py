"""Which kind of file a content is, judged by its first bytes and never by its name."""

from __future__ import annotations

HEAD = 16  # bytes that decide
_SIGNS: tuple[tuple[bytes, int, bytes, str], ...] = (
    (b"\xff\xd8\xff", 0, b"", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, b"", "image/png"),
    (b"RIFF", 8, b"WEBP", "image/webp"),
    (b"%PDF-", 0, b"", "application/pdf"),
)


def media_type(head: bytes) -> str:
    """The media type of a content that starts so; empty where it is none that is kept."""
    for start, at, further, found in _SIGNS:
        if head.startswith(start) and head[at : at + len(further)] == further:
            return found
    return ""
