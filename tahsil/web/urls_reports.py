"""Addresses of reports, imports and set-up: home, ageing, daily collection, approvals, people."""

from __future__ import annotations

from typing import Any

from django.urls import path

from tahsil.web import ageing, approvals, collection, events, home, imports, people, policies

urlpatterns: list[Any] = [
    path("", home.home),
    path("orphans", home.orphans),
    path("ageing", ageing.ageing),
    path("receipts", collection.collection),
    path("imports", imports.imports),
    path("imports/new", imports.new),
    path("imports/templates/<slug:layout>.xlsx", imports.template),
    path("imports/jobs/<int:job_id>", imports.job),
    path("imports/<int:batch_id>", imports.batch),
    path("imports/<int:batch_id>/rejects.xlsx", imports.rejects),
    path("imports/<int:batch_id>/answers", imports.answers),
    path("imports/<int:batch_id>/commits", imports.commits),
    path("imports/<int:batch_id>/discards", imports.discards),
    path("imports/<int:batch_id>/undos", imports.undos),
    path("imports/<int:batch_id>/mappings", imports.mappings),
    path("approvals", approvals.approvals),
    path("approvals/<int:request_id>", approvals.approval),
    path("people", people.people),
    path("people/new", people.new),
    path("people/<int:person_id>", people.person),
    path("people/<int:person_id>/grants", people.grants),
    path("people/<int:person_id>/revocations", people.revocations),
    path("people/<int:person_id>/access", people.access),
    path("people/<int:person_id>/passwords", people.passwords),
    path("policies", policies.policies),
    path("policies/calendars", policies.calendars),
    path("policies/<slug:kind>/<slug:code>", policies.policy),
    path("events", events.events),
    path("events/seals", events.seals),
]
