"""Addresses of the API: the table of reads, the verbs, files, and the document that lists them."""

from __future__ import annotations

from typing import Any

from django.urls import path

from tahsil.api import views
from tahsil.api.reads import READS

V1 = "v1/"
WRITES: dict[str, dict[str, views.View]] = {
    "imports": {"POST": views.stage},
    "documents": {"POST": views.keep_document},
    "bank/statements": {"POST": views.take_statement},
}


def _address(template: str) -> str:
    """{account_id} as Django writes it."""
    return V1 + template.replace("{", "<str:").replace("}", ">")


urlpatterns: list[Any] = [
    path("docs", views.endpoint(GET=views.docs)),
    path(V1 + "openapi.json", views.endpoint(GET=views.openapi)),
    path(V1 + "verbs/<str:verb>", views.endpoint(POST=views.do)),
    *(
        path(
            _address(each.path),
            views.endpoint(GET=views.reading(each), **WRITES.get(each.path, {})),
        )
        for each in READS
    ),
    path("", views.endpoint(GET=views.nothing, POST=views.nothing)),
    path("<path:rest>", views.endpoint(GET=views.nothing, POST=views.nothing)),
]
