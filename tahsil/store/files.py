"""Files kept by what they hold: one content is one file, whatever it was called."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings


def keep(folder: str, chunks: Iterable[bytes], *, most: int) -> str | None:
    """The SHA-256 under which the content is kept from now on; none where it is over `most` bytes.

    It is there whole or not at all.
    """
    place = _folder(folder)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=place, delete=False) as out:
        part = Path(out.name)
        for chunk in chunks:
            size += len(chunk)
            if size > most:
                out.close()
                part.unlink()
                return None
            digest.update(chunk)
            out.write(chunk)
    part.replace(place / digest.hexdigest())
    return digest.hexdigest()


def find(folder: str, sha256: str) -> Path | None:
    """Where the content of that hash is kept; none where it is not."""
    path = _folder(folder) / sha256
    return path if sha256.isalnum() and path.is_file() else None


def _folder(name: str) -> Path:
    folder = Path(settings.MEDIA_ROOT) / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder
