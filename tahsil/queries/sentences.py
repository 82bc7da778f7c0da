"""What each verb is called once it was done: a full sentence and a short one. A closed table."""

from __future__ import annotations

from tahsil.queries.sentences_cash import SENTENCES as CASH
from tahsil.queries.sentences_ledger import SENTENCES as LEDGER

SENTENCES: dict[str, tuple[str, str]] = {
    **LEDGER,
    **CASH,
    "account.assign": (
        "{actor} gave the account to {collector}.",
        "{actor} changed who works the account.",
    ),
    "account.lock": ("{actor} took the account to work on.", "{actor} took the account."),
    "account.note": ("{actor} noted: {note}", "{actor} added a note."),
    "account.set_next_step": (
        "{actor} set the next step: {next_step} on {next_step_on}.",
        "{actor} set the next step.",
    ),
    "account.unlock": ("{actor} let the account go.", "{actor} let the account go."),
    "bank.import": (
        "{actor} took in a statement of {bank_account} with {count} lines.",
        "{actor} took in a bank statement.",
    ),
    "bank.match": (
        "{actor} matched {amount_minor} of {bank_account} from {payer}.",
        "{actor} matched a bank line.",
    ),
    "bank.save_mapping": (
        "{actor} said how the tables of {bank_account} are read: {columns}.",
        "{actor} said how a bank's tables are read.",
    ),
    "bank.suspend": (
        "{actor} set {amount_minor} of {bank_account} aside for {owner}: {reason}.",
        "{actor} set a bank line aside.",
    ),
    "bank.unmatch": (
        "{actor} took back the match of {amount_minor} of {bank_account}: {reason}.",
        "{actor} took back a match.",
    ),
    "case.close": ("The case was closed.", "The case was closed."),
    "case.move": (
        "The account moved from rung {before} to {after}.",
        "The account changed its rung.",
    ),
    "case.open": ("A case was opened on rung {rung}.", "A case was opened."),
    "charge.assess": (
        "{actor} assessed a penalty of {amount_minor} until {until_on}.",
        "{actor} assessed a penalty.",
    ),
    "contact.log": ("{actor} tried by {channel}: {disposition}.", "{actor} logged an attempt."),
    "contract.amend": (
        "{actor} published version {version} of the schedule: {reason}.",
        "{actor} published a new version of the schedule.",
    ),
    "contract.record_event": (
        "{actor} recorded {code} on {happened_on}; the lines that waited for it have dates now.",
        "{actor} recorded an event of the contract.",
    ),
    "contract.sign": ("{actor} entered contract {number}.", "{actor} entered a contract."),
    "count.cancel": ("{actor} gave up the count of {place}: {reason}.", "{actor} gave up a count."),
    "count.enter": ("{actor} entered {count} papers found in {place}.", "{actor} entered papers."),
    "count.finish": (
        "{actor} compared the count of {place}: {found_count} found, {book_count} by the book, "
        "{variance_count} differences.",
        "{actor} compared a count.",
    ),
    "count.open": ("{actor} began to count {place}.", "{actor} began a count."),
    "count.say": ("{actor} said the totals found in {place}.", "{actor} said the totals found."),
    "count.sign": (
        "{actor} signed the count of {place}, {count} of {signers}.",
        "{actor} signed a count.",
    ),
    "custody.accept": (
        "{actor} took {found_count} of {count} papers of hand-over {number}, from {from_place} to "
        "{to_place}.",
        "{actor} took papers handed over.",
    ),
    "custody.hand_over": (
        "{actor} listed {count} papers on hand-over {number}, from {from_place} to {to_place}, "
        "for {receiver}.",
        "{actor} listed papers to hand over.",
    ),
    "custody.withdraw": (
        "{actor} withdrew hand-over {number}: {reason}.",
        "{actor} withdrew a hand-over.",
    ),
    "dispute.decide": (
        "{actor} decided the dispute of {amount_minor}: {state}.",
        "{actor} decided the dispute.",
    ),
    "dispute.open": (
        "{actor} opened a dispute of {amount_minor}: {code}.",
        "{actor} opened a dispute.",
    ),
    "document.export": ("{actor} exported {file}.", "{actor} exported a file."),
    "document.keep": ("{actor} kept {file} ({kind}).", "{actor} kept a document."),
    "hold.lift": ("{actor} lifted the hold: {reason}.", "{actor} lifted the hold."),
    "hold.place": ("{actor} placed a hold until {until_on}: {reason}.", "{actor} placed a hold."),
    "identity.reveal": (
        "{actor} read the identity number of {party}.",
        "{actor} read an identity number.",
    ),
    "import.commit": ("{actor} imported {file}.", "{actor} committed an import."),
    "import.discard": ("{actor} discarded {file}.", "{actor} discarded a staged file."),
    "import.save_mapping": (
        "{actor} saved the mapping {name}.",
        "{actor} saved a mapping of columns.",
    ),
    "import.undo": ("{actor} undid the import of {file}.", "{actor} undid an import."),
    "instrument.bounce": (
        "Cheque {number} of {amount_minor} came back: {reason}.",
        "A cheque came back unpaid.",
    ),
    "instrument.bounce_discounted": (
        "Cheque {number}, sold to the bank, came back: {reason}.",
        "A sold cheque came back unpaid.",
    ),
    "instrument.bounce_late": (
        "The bank took back the credit of cheque {number}: {reason}.",
        "The bank took back a credit.",
    ),
    "instrument.capture": (
        "{actor} took in cheque {number} of {amount_minor}, dated {matures_on}.",
        "{actor} took in a cheque.",
    ),
    "instrument.capture_series": (
        "{actor} took in cheques {numbers}, {amount_minor} in all.",
        "{actor} took in a series of cheques.",
    ),
    "instrument.clear": (
        "Cheque {number} of {amount_minor} cleared; receipt {receipt}.",
        "A cheque cleared.",
    ),
    "instrument.cover": (
        "{actor} named the lines cheque {number} covers.",
        "{actor} named the lines of a cheque.",
    ),
    "instrument.deposit": (
        "{actor} sent cheque {number} of {amount_minor} to the bank on slip {slip}.",
        "{actor} sent a cheque to the bank.",
    ),
    "instrument.describe": (
        "{actor} entered what stands on {number}.",
        "{actor} described a cheque.",
    ),
    "instrument.discount": (
        "{actor} sold cheque {number} to the bank for {proceeds_minor}.",
        "{actor} sold a cheque to the bank.",
    ),
    "instrument.dispatch": (
        "{actor} gave cheque {number} to the courier.",
        "{actor} gave a cheque to the courier.",
    ),
    "instrument.endorse": (
        "{actor} endorsed cheque {number} to a supplier.",
        "{actor} endorsed a cheque.",
    ),
    "instrument.file": (
        "{actor} filed a case on cheque {number}.",
        "{actor} filed a case on a cheque.",
    ),
    "instrument.find": (
        "{actor} recorded that cheque {number} was found.",
        "A lost cheque was found.",
    ),
    "instrument.hand_back": (
        "{actor} handed cheque {number} back against a signature.",
        "{actor} handed a cheque back.",
    ),
    "instrument.hold": (
        "{actor} put cheque {number} off until {until_on}: {reason}.",
        "{actor} put a cheque off.",
    ),
    "instrument.lapse": ("Cheque {number} went stale.", "A cheque went stale."),
    "instrument.lodge": (
        "{actor} lodged cheque {number} with the bank.",
        "{actor} lodged a cheque with the bank.",
    ),
    "instrument.lose": (
        "{actor} declared cheque {number} lost.",
        "{actor} declared a cheque lost.",
    ),
    "instrument.pay_in_part": (
        "The bank paid {paid_minor} of cheque {number}.",
        "The bank paid a part of a cheque.",
    ),
    "instrument.pledge": (
        "{actor} pledged cheque {number} to the bank.",
        "{actor} pledged a cheque.",
    ),
    "instrument.recall": (
        "{actor} asked cheque {number} back from the bank.",
        "{actor} asked a cheque back from the bank.",
    ),
    "instrument.receive_back": (
        "The bank gave cheque {number} back.",
        "The bank gave a cheque back.",
    ),
    "instrument.refer": (
        "{actor} referred cheque {number} to the legal department.",
        "{actor} referred a cheque to the legal department.",
    ),
    "instrument.record_step": (
        "{actor} recorded of cheque {number}: {step}, on {on}.",
        "{actor} recorded a step after a returned cheque.",
    ),
    "instrument.take_back_step": (
        "{actor} took back what was recorded of cheque {number}: {step}. {reason}",
        "{actor} took back a step after a returned cheque.",
    ),
    "instrument.reject": (
        "{actor} rejected cheque {number}: {defect}.",
        "{actor} rejected a cheque.",
    ),
    "instrument.release": (
        "The bank released cheque {number}.",
        "The bank released a pledged cheque.",
    ),
    "instrument.replace": (
        "{actor} took {instruments} in place of cheque {number}.",
        "{actor} replaced a cheque.",
    ),
    "instrument.resume": ("The hold of cheque {number} ended.", "The hold of a cheque ended."),
    "instrument.settle": (
        "What cheque {number} was given for was paid otherwise.",
        "A returned cheque was paid otherwise.",
    ),
    "instrument.settle_case": (
        "{actor} recorded that the case on cheque {number} was settled.",
        "A case on a cheque was settled.",
    ),
    "instrument.substitute": (
        "{actor} took {instruments} in place of the lost cheque {number}.",
        "{actor} replaced a lost cheque.",
    ),
    "instrument.take_back_clearing": (
        "{actor} took back the clearing of cheque {number}.",
        "{actor} took back a clearing.",
    ),
    "instrument.verify": (
        "{actor} verified cheque {number}; it lies in the safe.",
        "{actor} verified a cheque.",
    ),
    "instrument.withdraw_case": (
        "{actor} withdrew the case on cheque {number}.",
        "{actor} withdrew the case on a cheque.",
    ),
    "objection.add_evidence": (
        "{actor} added {file} to objection {number}.",
        "{actor} added evidence to an objection.",
    ),
    "objection.assign": (
        "{actor} gave objection {number} to {owner}; the answer is due on {answer_by_on}.",
        "{actor} gave an objection to somebody.",
    ),
    "objection.decide": (
        "{actor} decided objection {number}: {state}. {answer}",
        "{actor} decided an objection.",
    ),
    "objection.open": (
        "{actor} took objection {number}: {kind}. {owner} answers by {answer_by_on}.",
        "{actor} took an objection.",
    ),
    "objection.withdraw": (
        "{actor} recorded that objection {number} was withdrawn: {reason}.",
        "{actor} recorded that an objection was withdrawn.",
    ),
    "matter.close": (
        "{actor} closed the matter of cheque {number}: {outcome}, {explanation}.",
        "{actor} closed a matter of custody.",
    ),
    "obligation.adjust": (
        "{actor} adjusted a line by {amount_minor}: {reason}.",
        "{actor} adjusted a line.",
    ),
    "obligation.cancel": ("{actor} cancelled a line: {reason}.", "{actor} cancelled a line."),
    "obligation.raise": (
        "{actor} raised {category} of {amount_minor}, due {due_on}.",
        "{actor} raised an obligation.",
    ),
    "obligation.waive": ("{actor} gave up {amount_minor}: {reason}.", "{actor} gave up a charge."),
    "party.add_contact": ("{actor} added a {channel}.", "{actor} added a way to reach the party."),
    "party.change": ("{actor} corrected the name {before} to {name}.", "{actor} corrected a name."),
    "party.mark_wrong": (
        "{actor} marked a {channel} as wrong, or as right after all.",
        "{actor} marked a contact point.",
    ),
    "people.add": ("{actor} added {person}.", "{actor} added a person."),
    "people.grant": ("{actor} gave {person} the role {role}.", "{actor} gave somebody a role."),
    "people.issue_token": (
        "{actor} issued the token {name} to {person}.",
        "{actor} issued a token.",
    ),
    "people.revoke": ("{actor} took the role {role} from {person}.", "{actor} took a role away."),
    "people.revoke_token": (
        "{actor} revoked the token {name} of {person}.",
        "{actor} revoked a token.",
    ),
    "people.set_active": (
        "{actor} opened or closed the access of {person}.",
        "{actor} opened or closed an access.",
    ),
    "people.set_capacity": (
        "{actor} set the capacity of {person} to {capacity}.",
        "{actor} set somebody's capacity.",
    ),
    "people.set_language": ("{actor} reads Tahsil in {language}.", "{actor} changed the language."),
    "people.set_password": (
        "{actor} set a new password for {person}.",
        "{actor} set a new password.",
    ),
    "policy.publish": (
        "{actor} published {policy} from {since_on}.",
        "{actor} published a policy.",
    ),
    "policy.take_return_codes": (
        "{actor} took in {count} return codes of {bank}, from {since_on} on.",
        "{actor} took in a bank's return codes.",
    ),
    "promise.cancel": (
        "{actor} cancelled the promise of {amount_minor}: {reason}.",
        "{actor} cancelled the promise.",
    ),
    "promise.judge": (
        "The promise of {amount_minor} is {state}; {received_minor} came in.",
        "The promise was judged.",
    ),
    "promise.make": (
        "{actor} took a promise of {amount_minor} by {promised_on}.",
        "{actor} took a promise.",
    ),
    "receipt.cancel_number": (
        "{actor} cancelled receipt number {number}: {reason}.",
        "{actor} cancelled a receipt number.",
    ),
    "receipt.end_book": (
        "Receipt book {book} is {kind}.",
        "{actor} took a receipt book out of use.",
    ),
    "receipt.issue_book": (
        "{actor} gave receipt book {book}, {first} to {last}, to {holder}.",
        "{actor} issued a receipt book.",
    ),
    "receipt.reallocate": (
        "{actor} moved money of a receipt to other lines: {reason}.",
        "{actor} moved money of a receipt.",
    ),
    "receipt.record": (
        "{actor} recorded {amount_minor} by {instrument}, receipt {number}.",
        "{actor} recorded a receipt.",
    ),
    "receipt.reverse": (
        "{actor} reversed receipt {number}: {reason}.",
        "{actor} reversed a receipt.",
    ),
    "refund.ask": (
        "Refund {number} of {amount_minor} to {payee} was agreed to: {reason}.",
        "A refund was agreed to.",
    ),
    "refund.cancel": (
        "{actor} cancelled refund {number}: {reason}.",
        "{actor} cancelled a refund.",
    ),
    "refund.match": (
        "{actor} found refund {number} on the statement of {bank_account}.",
        "{actor} found a refund on a bank statement.",
    ),
    "refund.pay": (
        "{actor} paid refund {number} of {amount_minor} to {payee} by {method}.",
        "{actor} paid a refund.",
    ),
    "refund.take_back": (
        "Refund {number} of {amount_minor} came back: {reason}.",
        "A refund came back.",
    ),
    "request.approve": ("{actor} said yes to {verb}.", "{actor} said yes to a request."),
    "request.decline": ("{actor} said no to {verb}: {remark}.", "{actor} said no to a request."),
    "request.withdraw": ("{actor} withdrew the request for {verb}.", "{actor} withdrew a request."),
    "slip.send": (
        "{actor} sent slip {number} with {count} papers, {amount_minor}.",
        "{actor} sent a deposit slip.",
    ),
    "treatment.chosen": ("The day chose {treatment} on rung {rung}.", "The day chose a treatment."),
    "unapplied.assign": (
        "{actor} gave the money on account to {owner}: {reason}.",
        "{actor} gave money on account to an owner.",
    ),
}
