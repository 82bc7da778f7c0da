"""What each verb is called once it was done: a full sentence and a short one. A closed table."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "account.open": ("{actor} opened account {number}.", "{actor} opened the account."),
    "account.assign": (
        "{actor} gave the account to {collector}.", "{actor} changed who works the account.",
    ),
    "account.lock": ("{actor} took the account to work on.", "{actor} took the account."),
    "account.unlock": ("{actor} let the account go.", "{actor} let the account go."),
    "account.set_next_step": (
        "{actor} set the next step: {next_step} on {next_step_on}.", "{actor} set the next step.",
    ),
    "account.note": ("{actor} noted: {note}", "{actor} added a note."),
    "case.open": ("The case was opened on rung {rung}.", "The case was opened."),
    "case.close": ("The case was closed.", "The case was closed."),
    "case.move": ("The account moved from {before} to {after}.", "The account changed its rung."),
    "case.treat": ("{treatment} was due on rung {rung}.", "The rung's treatment was due."),
    "contact.log": (
        "{actor} tried by {channel}: {disposition}.", "{actor} logged an attempt.",
    ),
    "promise.make": (
        "{actor} took a promise of {amount_minor} by {promised_on}.", "{actor} took a promise.",
    ),
    "promise.cancel": ("{actor} cancelled the promise: {reason}.",
        "{actor} cancelled the promise."),
    "promise.supersede": (
        "A new promise took the place of the open one.",
        "A new promise took the place of the open one.",
    ),
    "promise.judge": (
        "The promise of {amount_minor} is {state}; {received_minor} came in.",
        "The promise was judged.",
    ),
    "promise.keep": (
        "The promise was kept; {received_minor} came in.", "The promise was kept.",
    ),
    "promise.keep_in_part": (
        "The promise was kept in part; {received_minor} came in.", "The promise was kept in part.",
    ),
    "promise.break": (
        "The promise was broken; {received_minor} came in.", "The promise was broken.",
    ),
    "receipt.record": (
        "{actor} recorded receipt {number} of {amount_minor} by {instrument}.",
        "{actor} recorded a receipt.",
    ),
    "receipt.reverse": (
        "{actor} reversed receipt {number}: {reason}.", "{actor} reversed a receipt.",
    ),
    "receipt.reallocate": (
        "{actor} moved money of receipt {number} to other lines.",
        "{actor} moved money of a receipt.",
    ),
    "receipt.allocate": (
        "{actor} set {amount_minor} of receipt {number} against lines.",
        "{actor} set unapplied money against lines.",
    ),
    "receipt.withhold": (
        "{actor} recorded a certificate of {amount_minor} kept back by the payer.",
        "{actor} recorded a certificate of money kept back.",
    ),
    "receipt.import": ("Receipts were imported.", "Receipts were imported."),
    "obligation.raise": (
        "{actor} raised {category} of {amount_minor}, due {due_on}.",
        "{actor} raised an obligation.",
    ),
    "obligation.adjust": (
        "{actor} adjusted a line by {amount_minor}: {reason}.", "{actor} adjusted a line.",
    ),
    "obligation.waive": (
        "{actor} gave up {amount_minor}: {reason}.", "{actor} gave up a charge.",
    ),
    "obligation.cancel": ("{actor} cancelled a line: {reason}.", "{actor} cancelled a line."),
    "obligation.write_off": (
        "{actor} wrote off {amount_minor}: {reason}.", "{actor} wrote off a line.",
    ),
    "charge.assess": (
        "{actor} assessed penalties of {amount_minor}.", "{actor} assessed penalties.",
    ),
    "charge.waive": ("{actor} gave up {amount_minor}: {reason}.", "{actor} gave up a charge."),
    "contract.open": ("{actor} opened contract {number}.", "{actor} opened a contract."),
    "contract.sign": ("{actor} signed contract {number}.", "{actor} signed a contract."),
    "contract.amend": (
        "{actor} published version {version} of the schedule: {reason}.",
        "{actor} published a new version of the schedule.",
    ),
    "contract.reschedule": (
        "{actor} published version {version} of the schedule: {reason}.",
        "{actor} published a new version of the schedule.",
    ),
    "contract.record_event": (
        "{actor} recorded {code} on {happened_on}; the lines that waited for it have dates now.",
        "{actor} recorded an event of the contract.",
    ),
    "contract.terminate": ("{actor} ended the contract: {reason}.", "{actor} ended the contract."),
    "dispute.open": (
        "{actor} opened a dispute of {amount_minor}: {code}.", "{actor} opened a dispute.",
    ),
    "dispute.decide": ("{actor} decided the dispute: {state}.", "{actor} decided the dispute."),
    "dispute.uphold": ("{actor} found the dispute right.", "{actor} found the dispute right."),
    "dispute.reject": ("{actor} rejected the dispute.", "{actor} rejected the dispute."),
    "hold.place": (
        "{actor} placed a hold until {until_on}: {reason}.", "{actor} placed a hold.",
    ),
    "hold.lift": ("{actor} lifted the hold.", "{actor} lifted the hold."),
    "party.add_contact": (
        "{actor} added a {channel}.", "{actor} added a way to reach the party.",
    ),
    "party.mark_wrong": (
        "{actor} marked a {channel} as wrong.", "{actor} marked a contact point as wrong.",
    ),
    "party.merge": ("{actor} merged two parties into one.", "{actor} merged two parties."),
    "party.change": ("{actor} changed the party's details.",
        "{actor} changed the party's details."),
    "identity.reveal": (
        "{actor} looked at identity numbers.", "{actor} looked at identity numbers.",
    ),
    "list.export": ("{actor} exported {list}.", "{actor} exported a list."),
    "import.stage": ("{actor} staged {file_name}.", "{actor} staged a file."),
    "import.commit": ("{actor} imported {file_name}.", "{actor} committed an import."),
    "import.undo": ("{actor} undid the import of {file_name}.", "{actor} undid an import."),
    "import.discard": ("{actor} discarded {file_name}.", "{actor} discarded a staged file."),
    "import.save_mapping": (
        "{actor} saved the mapping {name}.", "{actor} saved a mapping of columns.",
    ),
    "import.decide": ("{actor} decided rows held back.", "{actor} decided rows held back."),
    "policy.publish": (
        "{actor} published {policy} from {since_on}.", "{actor} published a policy.",
    ),
    "calendar.set_day": ("{actor} set {day_on} in the calendar.", "{actor} set a calendar day."),
    "people.add": ("{actor} added {person}.", "{actor} added a person."),
    "people.change": ("{actor} changed {person}.", "{actor} changed a person."),
    "people.grant": ("{actor} gave {person} the role {role}.", "{actor} gave somebody a role."),
    "people.revoke": ("{actor} took the role {role} from {person}.", "{actor} took a role away."),
    "people.deactivate": ("{actor} closed the access of {person}.", "{actor} closed an access."),
    "people.set_capacity": (
        "{actor} set the capacity of {person} to {capacity}.", "{actor} set somebody's capacity.",
    ),
    "people.set_password": (
        "{actor} set a new password for {person}.", "{actor} set a new password.",
    ),
    "request.approve": ("{actor} said yes to {verb}.", "{actor} said yes to a request."),
    "request.decline": ("{actor} said no: {remark}.", "{actor} said no to a request."),
    "request.withdraw": ("{actor} withdrew a request.", "{actor} withdrew a request."),
    "request.expire": ("A request expired.", "A request expired."),
    "run.day": ("The day of {as_of} was run.", "The day was run."),
}  # fmt: skip
