"""The documents' invariant: what a row names lies on the disk, as long as it was."""

from __future__ import annotations

from tahsil.run.check_book import Finding
from tahsil.store import files
from tahsil.store.models import Document

FOLDER = "kept"


def findings() -> list[Finding]:
    """Every document whose content is gone or no longer as long as it was."""
    found = []
    known = Document.objects.order_by("id").values_list("id", "name", "sha256", "size")
    for key, name, sha256, size in known.iterator():
        path = files.find(FOLDER, sha256)
        if path is None or path.stat().st_size != size:
            found.append(
                Finding(
                    "document.content",
                    "The content of document {document} ({name}) is gone or changed.",
                    {"document": key, "name": name},
                    f"document:{key}",
                )
            )
    return found
