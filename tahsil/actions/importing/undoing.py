"""Taking a committed batch out again, whole, where no later work stands on it."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Model, Q

from tahsil.core.grammar.refusal import Refused
from tahsil.store import search
from tahsil.store.models import (
    Account,
    Adjustment,
    Allocation,
    Asset,
    Case,
    ContactPoint,
    Contract,
    ContractParty,
    Dispute,
    ImportBatch,
    ImportRow,
    Instrument,
    Obligation,
    Party,
    PartyName,
    Project,
    Receipt,
    ScheduleVersion,
    SearchTerm,
    SearchWord,
    Standing,
)

# What an import brings, in the order it can go: nothing before what hangs on it.
IN_ORDER: tuple[type[Model], ...] = (
    Allocation, Adjustment, Receipt, Instrument, Obligation, ScheduleVersion, ContractParty,
    Contract, Asset, Account, PartyName, ContactPoint, Party,
)  # fmt: skip
COMPUTED = {Case, Standing, SearchTerm, ImportRow}  # they follow from the book and go with it


def refuse_if_built_on(batch: ImportBatch) -> None:
    """Refuses where anything else names what the batch brought, and says what that is."""
    work = [f"{count} {name}" for name, count in _work_on(batch) if count]
    if work:
        raise Refused(
            "import.built_on",
            "{file} cannot be undone: later work stands on it ({work}). Undo that first.",
            file=batch.file_name,
            work=work,
        )


def take_out(batch: ImportBatch) -> set[int]:
    """Deletes every row the batch brought; the accounts that stay and must be measured again."""
    stay = _staying(batch)
    accounts = Account.objects.filter(batch=batch)
    ImportBatch.objects.filter(id=batch.id).update(undoing=True)
    _delete(Dispute.objects.filter(obligation__batch=batch))
    for table in (Case, Standing, SearchTerm):
        _delete(table.objects.filter(account__in=accounts))
    for model in IN_ORDER:
        _delete(model._default_manager.filter(batch=batch))
    batch.rows.all()._raw_delete("default")
    for project in Project.objects.filter(id__in=batch.mapping.get("projects", [])):
        if not any(_names(model, project) for model in (Account, Asset, Contract)):
            project.delete()
    ImportBatch.objects.filter(id=batch.id).update(undoing=False)
    return stay


def forget_words(batch: ImportBatch) -> None:
    """Words of names that only this batch brought are out of the spelling list again."""
    first, last = batch.mapping.get("words") or (0, 0)
    left = dict(
        SearchWord.objects.filter(id__gt=first, id__lte=last).values_list("word", "id").iterator()
    )
    if not left:
        return
    for term in SearchTerm.objects.filter(kind="name").values_list("term", flat=True).iterator():
        for word in term.split():
            left.pop(word.removeprefix(search.SKELETON), None)
    ids = list(left.values())
    for start in range(0, len(ids), 900):
        SearchWord.objects.filter(id__in=ids[start : start + 900]).delete()


def _work_on(batch: ImportBatch) -> Iterator[tuple[str, int]]:
    """Per kind of thing how many, not of the batch, name something of the batch."""
    for model in apps.get_app_config("store").get_models():
        if model in COMPUTED:
            continue
        names = [
            field.name
            for field in model._meta.concrete_fields
            if field.is_relation and field.related_model in IN_ORDER
        ]
        if not names:
            continue
        asked = Q()
        for name in names:
            asked |= Q(**{f"{name}__batch": batch})
        rows = model._default_manager.filter(asked)
        if model in IN_ORDER:
            rows = rows.exclude(batch=batch)
        if model is Dispute:
            rows = rows.exclude(note=batch.file_name[:200], opened_on=batch.as_of, state="open")
        yield str(model._meta.verbose_name_plural), rows.count()


def _staying(batch: ImportBatch) -> set[int]:
    """Accounts that were there before and that the batch changed, or whose customer it did."""
    found: set[int] = set()
    for model in (Allocation, Adjustment, Receipt, Instrument, Obligation, Contract):
        rows = model._default_manager.filter(batch=batch)
        found |= set(rows.values_list("account_id", flat=True).distinct())
    for table in (PartyName, ContactPoint):
        changed = table.objects.filter(batch=batch).exclude(party__batch=batch)
        ids = list(changed.values_list("party_id", flat=True).distinct())
        found |= set(Account.objects.filter(party_id__in=ids).values_list("id", flat=True))
    return found - set(Account.objects.filter(batch=batch).values_list("id", flat=True))


def _names(model: type[Model], project: Project) -> bool:
    return bool(model._default_manager.filter(project=project).exists())


def _delete(rows) -> None:
    """Straight away: nothing hangs on them any more; triggers look at each."""
    rows._raw_delete(rows.db)
