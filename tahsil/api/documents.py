"""The OpenAPI document, written from the verbs and the table of reads, and its page."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from django.template import Context, Engine
from django.templatetags.static import static

from tahsil.api import problems, uploads, verbs
from tahsil.api.asking import Read
from tahsil.api.reads import READS
from tahsil.api.schemas import DAY, Answers, Schema, whole
from tahsil.queries.imports import BatchPage

ENGINE = Engine(dirs=[str(Path(__file__).parent / "templates")])
STYLES = ("tokens", "base", "layout", "parts", "reports")
REFUSED = {"$ref": "#/components/responses/Refused"}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "One key for each act; the same key with the same details is done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[!-~]+$"},
}
SAID = {
    "as_of": "The business date looked at; today without it.",
    "limit": "Rows of a page; 50 without it.",
    "cursor": "`next` of the page before, with the same filters and limit.",
    "q": "Names in any script, numbers, telephones, units.",
    "since": "The first day.",
    "until": "The last day, included.",
}
DONE: Schema = {
    "type": "object",
    "description": "It was done, now or (repeated) by an earlier call under the same key.",
    "properties": {
        "event": {"type": "integer"}, "subject": {"type": "string"}, "facts": {"type": "object"},
        "repeated": {"type": "boolean"},
        "national_id": {"type": "string", "description": "Of identity.reveal alone, once."},
    },
    "required": ["event", "subject", "facts", "repeated"],
}  # fmt: skip
WAITING: Schema = {
    "type": "object",
    "description": "It waits for the yes of somebody in one of the roles named.",
    "properties": {
        "request": {"type": "integer"},
        "reasons": {"type": "array", "items": {"$ref": "#/components/schemas/Reason"}},
        "approvers": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["request", "reasons", "approvers"],
}  # fmt: skip
PART: Schema = {
    "type": "object",
    "properties": {
        "detail": {"type": "string"}, "code": {"type": "string"}, "facts": {"type": "object"},
    },
}  # fmt: skip
PROBLEM: Schema = {
    "type": "object",
    "description": "A refusal: understood, and not allowed. `code` is stable.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "enum": list(problems.TITLES.values())},
        "status": {"type": "integer", "enum": list(problems.TITLES)},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "facts": {"type": "object"},
        "parts": {"type": "array", "items": PART},
    },
    "required": ["type", "title", "status", "detail", "code", "facts"],
}
TAKEN: Schema = {
    "type": "object",
    "description": "The statements of the file, and how many lines matching posted or left.",
    "properties": {
        "statements": {"type": "array", "items": {"type": "object"}},
        "matching": {"type": "object", "additionalProperties": {"type": "integer"}},
    },
    "required": ["statements", "matching"],
}
ABOUT = (
    "Collections: every query as of a date, every verb once under a key. Amounts are whole minor "
    "units of their currency. A refusal is application/problem+json with a stable code."
)


@functools.cache
def openapi() -> dict[str, Any]:
    """The document: every address, every verb, every shape."""
    answers = Answers()
    paths: dict[str, Any] = {f"/{each.path}": {"get": _read(each, answers)} for each in READS}
    for path, form in _uploads(answers).items():
        paths[f"/{path}"]["post"] = form
    for name, offer in verbs.offers().items():
        paths[f"/verbs/{name}"] = {"post": _verb(offer)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Tahsil", "version": "1", "description": ABOUT},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": answers.named | {"Done": DONE, "Waiting": WAITING, "Problem": PROBLEM},
            "responses": {"Refused": _response("Refused.", _ref("Problem"), problems.KIND)},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {
                    "type": "apiKey", "in": "cookie", "name": "sessionid",
                    "description": "What a session writes carries the header X-CSRFToken too.",
                },
            },
        },
    }  # fmt: skip


def page() -> str:
    """The document as a page of plain HTML."""
    document = openapi()
    operations = [
        {"method": method.upper(), "path": path, **operation, **_shown(operation)}
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]
    facts = {
        "about": document["info"]["description"],
        "styles": [static(f"css/{name}.css") for name in STYLES],
        "reads": [each for each in operations if each["method"] == "GET"],
        "writes": [each for each in operations if each["method"] == "POST"],
        "titles": sorted(problems.TITLES.items()),
    }
    return ENGINE.get_template("docs.html").render(Context(facts))


def kind_of(schema: Schema) -> str:
    """A schema in a few words."""
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(kind_of(each) for each in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"])
    kinds = schema.get("type", "anything")
    said = kinds if isinstance(kinds, str) else " or ".join(kinds)
    return said.replace("string", schema.get("format", "string"))


def _shown(operation: dict[str, Any]) -> dict[str, Any]:
    """The details of an operation as rows: name, kind, whether needed, what it is."""
    listed = [
        (each["name"], kind_of(each["schema"]), each["required"], each.get("description", ""))
        for each in operation["parameters"]
        if each["in"] != "header"
    ]
    content = operation.get("requestBody", {}).get("content", {})
    for each in content.values():
        schema = each["schema"]
        listed += [
            (name, kind_of(found), name in schema["required"], found.get("description", ""))
            for name, found in schema["properties"].items()
        ]
    return {"details": listed}


def _read(wanted: Read, answers: Answers) -> dict[str, Any]:
    takes = {"as_of": DAY} | wanted.takes
    if wanted.is_list:
        takes |= {"limit": whole(1, 200), "cursor": {"type": "string", "maxLength": 200}}
    made = answers.listing(wanted.shape) if wanted.is_list else answers.of(wanted.shape)
    return {
        "operationId": wanted.path.replace("/", ".").replace("{", "").replace("}", ""),
        "summary": wanted.purpose,
        "tags": [wanted.path.partition("/")[0]],
        "parameters": [_parameter(wanted.path, name, each) for name, each in takes.items()],
        "responses": {"200": _response("What was asked.", made), "default": REFUSED},
    }


def _parameter(path: str, name: str, schema: Schema) -> dict[str, Any]:
    is_part = f"{{{name}}}" in path
    made = {
        "name": name,
        "in": "path" if is_part else "query",
        "required": is_part,
        "schema": schema,
    }
    return made | ({"description": SAID[name]} if name in SAID else {})


def _verb(offer: verbs.Offer) -> dict[str, Any]:
    return {
        "operationId": offer.name,
        "summary": offer.purpose,
        "tags": [offer.name.partition(".")[0]],
        "parameters": [KEY],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": offer.details}},
        },
        "responses": {
            "200": _response("Done.", _ref("Done")),
            "202": _response("Waits for somebody's yes.", _ref("Waiting")),
            "default": REFUSED,
        },
    }


def _uploads(answers: Answers) -> dict[str, dict[str, Any]]:
    """What is sent as a form with a file, by its path."""
    staged = _response("The staged file.", answers.listing(BatchPage))
    return {
        "imports": _upload(
            "imports", "import.stage",
            "Reads a file and stages it; import.commit takes it into the book.",
            uploads.FIELDS, staged,
        ),
        "documents": _upload(
            "documents", "documents.keep", "Keeps a file with its subject.", uploads.DOCUMENT,
            _response("Done.", _ref("Done")),
        ),
        "bank/statements": _upload(
            "bank", "bank.take_statement",
            "Takes a bank's file in as it is and matches its lines; known lines change nothing.",
            uploads.STATEMENT, _response("What was taken in.", TAKEN),
        ),
    }  # fmt: skip


def _upload(
    tag: str, name: str, summary: str, fields: dict[str, Schema], answer: Any
) -> dict[str, Any]:
    form = {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}, **fields},
        "required": ["file"],
    }
    return {
        "operationId": name,
        "summary": summary,
        "tags": [tag],
        "parameters": [KEY],
        "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": form}}},
        "responses": {"200": answer, "default": REFUSED},
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _response(said: str, schema: Schema, kind: str = "application/json") -> dict[str, Any]:
    return {"description": said, "content": {kind: {"schema": schema}}}
