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
    "bank.import": gettext_noop("Take in a bank statement"),
    "bank.match": gettext_noop("Match a bank line"),
    "bank.read": gettext_noop("See bank statements"),
    "bank.suspend": gettext_noop("Set a bank line aside"),
    "bank.unmatch": gettext_noop("Take a match back"),
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
    "document.export": gettext_noop("Export a file"),
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
    "instrument.bounce": gettext_noop("Record a return"),
    "instrument.bounce_discounted": gettext_noop("Record the return of a sold cheque"),
    "instrument.bounce_late": gettext_noop("Record a late return"),
    "instrument.capture": gettext_noop("Take in a cheque"),
    "instrument.capture_series": gettext_noop("Take in a series of cheques"),
    "instrument.clear": gettext_noop("Record that it cleared"),
    "instrument.cover": gettext_noop("Name the lines it covers"),
    "instrument.deposit": gettext_noop("Deposit a cheque"),
    "instrument.discount": gettext_noop("Sell to the bank"),
    "instrument.dispatch": gettext_noop("Give to the courier"),
    "instrument.endorse": gettext_noop("Endorse to a supplier"),
    "instrument.file": gettext_noop("File a case"),
    "instrument.find": gettext_noop("Record that it was found"),
    "instrument.hand_back": gettext_noop("Hand back to the drawer"),
    "instrument.hold": gettext_noop("Present it later"),
    "instrument.lapse": gettext_noop("Mark as stale"),
    "instrument.lodge": gettext_noop("Lodge with the bank"),
    "instrument.lose": gettext_noop("Declare lost"),
    "instrument.pay_in_part": gettext_noop("Record a part payment"),
    "instrument.pledge": gettext_noop("Pledge to the bank"),
    "instrument.read": gettext_noop("See cheques"),
    "instrument.recall": gettext_noop("Recall from the bank"),
    "instrument.receive_back": gettext_noop("Take back from the bank"),
    "instrument.refer": gettext_noop("Refer to legal"),
    "instrument.reject": gettext_noop("Reject"),
    "instrument.release": gettext_noop("Record its release"),
    "instrument.replace": gettext_noop("Replace"),
    "instrument.resume": gettext_noop("End the delay"),
    "instrument.settle": gettext_noop("Settled otherwise"),
    "instrument.settle_case": gettext_noop("Settle the case"),
    "instrument.substitute": gettext_noop("Substitute"),
    "instrument.take_back_clearing": gettext_noop("Take back the clearing"),
    "instrument.verify": gettext_noop("Verify"),
    "instrument.withdraw_case": gettext_noop("Withdraw the case"),
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
    "slip.send": gettext_noop("Send a deposit slip"),
    "treatment.chosen": gettext_noop("Choose a treatment"),
}
NOUNS = {
    "account": gettext_noop("Everything with accounts"),
    "bank": gettext_noop("Everything with the bank"),
    "charge": gettext_noop("Everything with charges"),
    "contact": gettext_noop("Everything with attempts"),
    "contract": gettext_noop("Everything with contracts"),
    "dispute": gettext_noop("Everything with disputes"),
    "hold": gettext_noop("Everything with holds"),
    "import": gettext_noop("Everything with imports"),
    "instrument": gettext_noop("Everything with cheques"),
    "obligation": gettext_noop("Everything with obligations"),
    "party": gettext_noop("Everything with parties"),
    "people": gettext_noop("Everything with people and roles"),
    "policy": gettext_noop("Everything with policies"),
    "promise": gettext_noop("Everything with promises"),
    "receipt": gettext_noop("Everything with receipts"),
    "slip": gettext_noop("Everything with slips"),
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
    "accounts": gettext_noop("Accounts"),
    "address": gettext_noop("Address"),
    "after": gettext_noop("After"),
    "answer_by_on": gettext_noop("Answer by"),
    "assessed_before_minor": gettext_noop("Assessed before"),
    "before": gettext_noop("Before"),
    "capacity": gettext_noop("Capacity"),
    "change_minor": gettext_noop("Change"),
    "channel": gettext_noop("Channel"),
    "collector": gettext_noop("Collector"),
    "confidence": gettext_noop("How sure"),
    "contract_id": gettext_noop("Contract"),
    "disposition": gettext_noop("Result"),
    "dispute_id": gettext_noop("Dispute"),
    "document": gettext_noop("Paper"),
    "effective_on": gettext_noop("Effective"),
    "file": gettext_noop("File"),
    "happened_on": gettext_noop("Happened on"),
    "hold_id": gettext_noop("Hold"),
    "is_active": gettext_noop("Access"),
    "is_wrong": gettext_noop("Wrong"),
    "kind": gettext_noop("Kind"),
    "language": gettext_noop("Language"),
    "lines": gettext_noop("Lines"),
    "next_step": gettext_noop("Next step"),
    "next_step_at": gettext_noop("At"),
    "next_step_on": gettext_noop("Next step on"),
    "party": gettext_noop("Party"),
    "penalty": gettext_noop("Penalty"),
    "person": gettext_noop("Person"),
    "policy": gettext_noop("Policy"),
    "promise_id": gettext_noop("Promise"),
    "promised_by": gettext_noop("Promised by"),
    "received_minor": gettext_noop("Received"),
    "remark": gettext_noop("Remark"),
    "role": gettext_noop("Role"),
    "rung": gettext_noop("Rung"),
    "scope": gettext_noop("Over"),
    "source": gettext_noop("Source"),
    "tax_minor": gettext_noop("Tax"),
    "treatment": gettext_noop("Treatment"),
    "until_at": gettext_noop("Until"),
    "username": gettext_noop("Signs in as"),
    "value": gettext_noop("Value"),
    "version": gettext_noop("Version"),
    "why": gettext_noop("Why"),
}
HIDDEN = {
    "account_id", "currency", "key", "verb", "actor", "subject", "collector_id", "party_id",
    "place_id", "contact_point_id",
}  # fmt: skip


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
