"""What each verb is called where people choose it, ask for it or are asked to agree to it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

from tahsil.web import sentences

LABELS = {
    "account.assign": N_("Give an account to a collector"),
    "account.lock": N_("Take an account to work on"),
    "account.note": N_("Add a note"),
    "account.open": N_("Open an account"),
    "account.read": N_("Read an account"),
    "account.set_next_step": N_("Set the next step"),
    "calendar.set_day": N_("Set a calendar day"),
    "case.close": N_("Close a case"),
    "case.move": N_("Move to another rung"),
    "case.open": N_("Open a case"),
    "charge.assess": N_("Assess penalties"),
    "charge.waive": N_("Waive a charge"),
    "contact.log": N_("Log an attempt"),
    "contract.amend": N_("Change a schedule"),
    "contract.open": N_("Open a contract"),
    "contract.record_event": N_("Record an event of a contract"),
    "contract.reschedule": N_("Reschedule a contract"),
    "contract.terminate": N_("End a contract"),
    "dispute.decide": N_("Decide a dispute"),
    "dispute.open": N_("Open a dispute"),
    "event.read": N_("Read the event log"),
    "hold.lift": N_("Lift a hold"),
    "hold.place": N_("Place a hold"),
    "identity.reveal": N_("Read identity numbers"),
    "import.commit": N_("Commit an import"),
    "import.discard": N_("Discard a staged file"),
    "import.read": N_("See imports"),
    "import.save_mapping": N_("Save a mapping"),
    "import.stage": N_("Stage a file"),
    "import.undo": N_("Undo an import"),
    "list.export": N_("Export a list"),
    "obligation.adjust": N_("Adjust a line"),
    "obligation.cancel": N_("Cancel a line"),
    "obligation.raise": N_("Raise an obligation"),
    "obligation.waive": N_("Waive a penalty"),
    "obligation.write_off": N_("Write off a line"),
    "party.add_contact": N_("Add a way to reach a party"),
    "party.mark_wrong": N_("Mark a contact point as wrong"),
    "party.merge": N_("Merge two parties"),
    "people.add": N_("Add a person"),
    "people.grant": N_("Give a role"),
    "people.read": N_("See people and roles"),
    "people.revoke": N_("Take a role away"),
    "people.set_active": N_("Open or close an access"),
    "people.set_capacity": N_("Set a capacity"),
    "people.set_password": N_("Set a password"),
    "policy.publish": N_("Publish a policy"),
    "policy.read": N_("Read policies"),
    "promise.cancel": N_("Cancel a promise"),
    "promise.judge": N_("Judge a promise"),
    "promise.make": N_("Record a promise"),
    "receipt.allocate": N_("Allocate unapplied money"),
    "receipt.reallocate": N_("Move money of a receipt"),
    "receipt.record": N_("Record a receipt"),
    "receipt.reverse": N_("Reverse a receipt"),
    "receipt.withhold": N_("Record money kept back"),
    "report.read": N_("Read reports"),
    "run.day": N_("Run the day"),
    "treatment.chosen": N_("Choose a treatment"),
}
NOUNS = {
    "account": N_("Everything with accounts"),
    "charge": N_("Everything with charges"),
    "contact": N_("Everything with attempts"),
    "contract": N_("Everything with contracts"),
    "dispute": N_("Everything with disputes"),
    "hold": N_("Everything with holds"),
    "import": N_("Everything with imports"),
    "obligation": N_("Everything with obligations"),
    "party": N_("Everything with parties"),
    "people": N_("Everything with people and roles"),
    "policy": N_("Everything with policies"),
    "promise": N_("Everything with promises"),
    "receipt": N_("Everything with receipts"),
}
FACTS = {
    "amount_minor": N_("Amount"),
    "promised_on": N_("Promised for"),
    "party_name": N_("Name"),
    "party_code": N_("Code"),
    "received_on": N_("Received"),
    "signed_on": N_("Signed"),
    "due": N_("Due date"),
    "price_minor": N_("Price"),
    "paid_minor": N_("Paid"),
    "label": N_("Instalment"),
    "name": N_("Name"),
    "code": N_("Code"),
    "contract": N_("Contract"),
    "unit": N_("Unit"),
    "bank": N_("Bank"),
    "cheque": N_("Cheque"),
    "text": N_("Text"),
    "status": N_("Status"),
    "value_on": N_("Value date"),
    "since_on": N_("From"),
    "until_on": N_("Until"),
    "receipt_id": N_("Receipt"),
    "obligation_id": N_("Line"),
    "reason": N_("Reason"),
    "instrument": N_("Instrument"),
    "reference": N_("Reference"),
    "note": N_("Note"),
    "state": N_("State"),
    "number": N_("Number"),
    "category": N_("Category"),
    "due_on": N_("Due date"),
    "renewals": N_("Renewals"),
    "days": N_("Days"),
    "count": N_("Count"),
    "share_ppm": N_("Share"),
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
