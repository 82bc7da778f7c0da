"""What each verb is called where people choose it, ask for it or are asked to agree to it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, gettext_noop

from tahsil.web import sentences

LABELS = {
    "account.assign": gettext_noop("Give an account to a collector"),
    "account.lock": gettext_noop("Take an account to work on"),
    "account.note": gettext_noop("Add a note"),
    "account.open": gettext_noop("Open an account"),
    "account.read": gettext_noop("Read an account"),
    "account.set_next_step": gettext_noop("Set the next step"),
    "calendar.set_day": gettext_noop("Set a calendar day"),
    "case.close": gettext_noop("Close a case"),
    "case.move": gettext_noop("Move to another rung"),
    "case.open": gettext_noop("Open a case"),
    "charge.assess": gettext_noop("Assess penalties"),
    "charge.waive": gettext_noop("Waive a charge"),
    "contact.log": gettext_noop("Log an attempt"),
    "contract.amend": gettext_noop("Change a schedule"),
    "contract.open": gettext_noop("Open a contract"),
    "contract.record_event": gettext_noop("Record an event of a contract"),
    "contract.reschedule": gettext_noop("Reschedule a contract"),
    "contract.terminate": gettext_noop("End a contract"),
    "dispute.decide": gettext_noop("Decide a dispute"),
    "dispute.open": gettext_noop("Open a dispute"),
    "event.read": gettext_noop("Read the event log"),
    "hold.lift": gettext_noop("Lift a hold"),
    "hold.place": gettext_noop("Place a hold"),
    "identity.reveal": gettext_noop("Read identity numbers"),
    "import.commit": gettext_noop("Commit an import"),
    "import.discard": gettext_noop("Discard a staged file"),
    "import.read": gettext_noop("See imports"),
    "import.save_mapping": gettext_noop("Save a mapping"),
    "import.stage": gettext_noop("Stage a file"),
    "import.undo": gettext_noop("Undo an import"),
    "list.export": gettext_noop("Export a list"),
    "obligation.adjust": gettext_noop("Adjust a line"),
    "obligation.cancel": gettext_noop("Cancel a line"),
    "obligation.raise": gettext_noop("Raise an obligation"),
    "obligation.waive": gettext_noop("Waive a penalty"),
    "obligation.write_off": gettext_noop("Write off a line"),
    "party.add_contact": gettext_noop("Add a way to reach a party"),
    "party.mark_wrong": gettext_noop("Mark a contact point as wrong"),
    "party.merge": gettext_noop("Merge two parties"),
    "people.add": gettext_noop("Add a person"),
    "people.grant": gettext_noop("Give a role"),
    "people.read": gettext_noop("See people and roles"),
    "people.revoke": gettext_noop("Take a role away"),
    "people.set_active": gettext_noop("Open or close an access"),
    "people.set_capacity": gettext_noop("Set a capacity"),
    "people.set_password": gettext_noop("Set a password"),
    "policy.publish": gettext_noop("Publish a policy"),
    "policy.read": gettext_noop("Read policies"),
    "promise.cancel": gettext_noop("Cancel a promise"),
    "promise.judge": gettext_noop("Judge a promise"),
    "promise.make": gettext_noop("Record a promise"),
    "receipt.allocate": gettext_noop("Allocate unapplied money"),
    "receipt.reallocate": gettext_noop("Move money of a receipt"),
    "receipt.record": gettext_noop("Record a receipt"),
    "receipt.reverse": gettext_noop("Reverse a receipt"),
    "receipt.withhold": gettext_noop("Record money kept back"),
    "report.read": gettext_noop("Read reports"),
    "run.day": gettext_noop("Run the day"),
    "treatment.chosen": gettext_noop("Choose a treatment"),
}
NOUNS = {
    "account": gettext_noop("Everything with accounts"),
    "charge": gettext_noop("Everything with charges"),
    "contact": gettext_noop("Everything with attempts"),
    "contract": gettext_noop("Everything with contracts"),
    "dispute": gettext_noop("Everything with disputes"),
    "hold": gettext_noop("Everything with holds"),
    "import": gettext_noop("Everything with imports"),
    "obligation": gettext_noop("Everything with obligations"),
    "party": gettext_noop("Everything with parties"),
    "people": gettext_noop("Everything with people and roles"),
    "policy": gettext_noop("Everything with policies"),
    "promise": gettext_noop("Everything with promises"),
    "receipt": gettext_noop("Everything with receipts"),
}
FACTS = {
    "amount_minor": gettext_noop("Amount"),
    "promised_on": gettext_noop("Promised for"),
    "party_name": gettext_noop("Name"),
    "party_code": gettext_noop("Code"),
    "received_on": gettext_noop("Received"),
    "signed_on": gettext_noop("Signed"),
    "due": gettext_noop("Due date"),
    "price_minor": gettext_noop("Price"),
    "paid_minor": gettext_noop("Paid"),
    "label": gettext_noop("Instalment"),
    "name": gettext_noop("Name"),
    "code": gettext_noop("Code"),
    "contract": gettext_noop("Contract"),
    "unit": gettext_noop("Unit"),
    "bank": gettext_noop("Bank"),
    "cheque": gettext_noop("Cheque"),
    "text": gettext_noop("Text"),
    "status": gettext_noop("Status"),
    "value_on": gettext_noop("Value date"),
    "since_on": gettext_noop("From"),
    "until_on": gettext_noop("Until"),
    "receipt_id": gettext_noop("Receipt"),
    "obligation_id": gettext_noop("Line"),
    "reason": gettext_noop("Reason"),
    "instrument": gettext_noop("Instrument"),
    "reference": gettext_noop("Reference"),
    "note": gettext_noop("Note"),
    "state": gettext_noop("State"),
    "number": gettext_noop("Number"),
    "category": gettext_noop("Category"),
    "due_on": gettext_noop("Due date"),
    "renewals": gettext_noop("Renewals"),
    "days": gettext_noop("Days"),
    "count": gettext_noop("Count"),
    "share_ppm": gettext_noop("Share"),
}
HIDDEN = {"account_id", "currency", "key"}


def label(verb: str) -> str:
    """The verb, or every verb of a noun, as a person would name it; an unknown one as its code."""
    noun = verb.removesuffix(".*")
    if noun != verb and noun in NOUNS:
        return gettext(NOUNS[noun])
    return gettext(LABELS[verb]) if verb in LABELS else verb


def options() -> list[tuple[str, str]]:
    """Every verb with its label, by label."""
    return sorted(((verb, label(verb)) for verb in LABELS), key=lambda pair: pair[1])


def facts(given: dict[str, Any], currency: str = "") -> list[tuple[str, str]]:
    """The details of an act as (label, text), empty ones left out."""
    known = {**given, "currency": given.get("currency") or currency}
    return [
        (fact_label(name), sentences.fact_text(name, value, known))
        for name, value in given.items()
        if name not in HIDDEN and value not in (None, "", [], {}) and not isinstance(value, dict)
    ]


def fact_label(name: str) -> str:
    """What a fact is called."""
    if name in FACTS:
        return gettext(FACTS[name])
    plain = name.removesuffix("_minor").removesuffix("_ppm").removesuffix("_on")
    return plain.removesuffix("_id").replace("_", " ").capitalize()
