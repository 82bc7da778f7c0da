"""The SQL that keeps append-only tables append-only, on SQLite and PostgreSQL.

UPDATE is refused on all of them. DELETE is refused too, except that rows an import brought may go
while that import is being undone. Events allow their delivery columns to change and nothing else.
"""

from __future__ import annotations

APPEND_ONLY = [
    "store_obligation",
    "store_obligationdue",
    "store_adjustment",
    "store_receipt",
    "store_reversal",
    "store_allocation",
    "store_attempt",
    "store_scheduleversion",
    "store_contractevent",
    "store_policyversion",
    "store_eventseal",
]
MADE_LATER = ["store_instrumentmove"]  # append-only too, since migration 0005
BANK = ["store_bankstatement", "store_bankline"]  # and these, but for a line's state, since 0010
REFUNDS = [  # append-only too, since migration 0015
    "store_refund",
    "store_refundpart",
    "store_refundpayment",
    "store_refundend",
    "store_receiptbook",
    "store_bookend",
    "store_receiptpaper",
    "store_cancellednumber",
    "store_receiptpayer",
]
# Append-only tables of later migrations, by the migration that guards them.
SINCE: dict[str, list[str]] = {
    "0011": ["store_document"],
    "0013": ["store_safecountsignature", "store_handoverline", "store_handover"],
    "0014": ["store_cashentry", "store_cashcount", "store_cashitem", "store_cashdeposit"],
    "0015": REFUNDS,
    "0017": [
        "store_ledgerload",
        "store_ledgerbalance",
        "store_ledgerentry",
        "store_tienote",
        "store_periodact",
    ],
}
LINE_FIXED = [
    "id", "statement_id", "bank_account_id", "at", "booked_on", "value_on", "amount_minor",
    "reference", "bank_reference", "code", "bank_code", "text", "payer", "payer_account",
    "cheque_number", "is_reversal", "is_pending", "fingerprint",
]  # fmt: skip
CASH_FIXED = {
    "store_cashitem": [
        "id", "kind", "receipt_id", "case_id", "currency", "amount_minor", "taken_at",
    ],
    "store_cashdeposit": [
        "id", "bank_account_id", "number", "person_id", "amount_minor", "deposited_at",
        "recorded_at", "due_at", "note",
    ],
}  # fmt: skip
OBJECTION_FIXED = [
    "id", "account_id", "kind", "channel", "note", "claimed_minor", "claimed_on", "claimed_method",
    "claimed_reference", "claimed_bank", "paid_to_id", "receipt_id", "obligation_id",
    "instrument_id", "bank_line_id", "opened_on", "opened_at", "opened_by_id",
]  # fmt: skip
UNDOABLE = {
    "store_obligation",
    "store_adjustment",
    "store_receipt",
    "store_allocation",
    "store_scheduleversion",
}
EVENT_FIXED = [
    "id", "verb", "subject", "account_id", "actor_id", "actor_name", "approvers", "effective_on",
    "recorded_at", "facts", "key", "digest", "policies",
]  # fmt: skip
UNDOING = (
    "EXISTS (SELECT 1 FROM store_importbatch b WHERE b.id = OLD.batch_id AND b.undoing = {true})"
)


def statements(vendor: str) -> list[str]:
    """Every statement that sets the guards up on that database."""
    return _postgresql() if vendor == "postgresql" else _sqlite()


def guarded() -> list[str]:
    """Every table that refuses changes."""
    later = [table for tables in SINCE.values() for table in tables]
    return [*APPEND_ONLY, *MADE_LATER, *BANK, *later, "store_objection", "store_event"]


def append_only(table: str, vendor: str) -> list[str]:
    """The triggers that keep one table append-only on that database."""
    if vendor == "postgresql":
        keep = "store_keep_unless_undone" if table in UNDOABLE else "store_append_only"
        return [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION store_append_only()",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {keep}()",
        ]
    spared = f" WHEN NOT {UNDOING.format(true=1)}" if table in UNDOABLE else ""
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}{spared} "
        f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END",
    ]


def bank(vendor: str) -> list[str]:
    """The triggers that keep statements and their lines as the bank gave them."""
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    changed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in LINE_FIXED)
    found = [line for table in BANK for line in append_only(table, vendor)]
    when = (
        (" FOR EACH ROW EXECUTE", f" FOR EACH ROW WHEN ({changed}) EXECUTE")
        if vendor == "postgresql"
        else (" BEGIN", f" WHEN {changed} BEGIN")
    )
    is_update = "CREATE TRIGGER store_bankline_no_update"
    return [line.replace(*when, 1) if line.startswith(is_update) else line for line in found]


def settled(table: str, condition: str, vendor: str) -> list[str]:
    """The triggers that keep a row of the table once the condition (of OLD) holds."""
    update, delete = append_only(table, vendor)
    when = (
        (" FOR EACH ROW EXECUTE", f" FOR EACH ROW WHEN ({condition}) EXECUTE")
        if vendor == "postgresql"
        else (" BEGIN", f" WHEN {condition} BEGIN")
    )
    return [update.replace(*when, 1), delete]


def cash(vendor: str) -> list[str]:
    """The triggers of cash: what was entered stays; a holder and a deposit's match may move."""
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    found = []
    for table in SINCE["0014"]:
        update, delete = append_only(table, vendor)
        if fixed := CASH_FIXED.get(table):
            changed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in fixed)
            (update, _) = settled(table, f"({changed})", vendor)
        found += [update, delete]
    return found


def objection(vendor: str) -> list[str]:
    """The triggers that keep what a customer claimed as said; how it was answered may come."""
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    changed = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in OBJECTION_FIXED)
    update, delete = append_only("store_objection", vendor)
    if vendor == "postgresql":
        return [update.replace(" EXECUTE", f" WHEN ({changed}) EXECUTE", 1), delete]
    return [update.replace(" BEGIN", f" WHEN {changed} BEGIN", 1), delete]


def _sqlite() -> list[str]:
    made = [line for table in APPEND_ONLY for line in append_only(table, "sqlite")]
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in EVENT_FIXED)
    return [
        *made,
        f"CREATE TRIGGER store_event_no_update BEFORE UPDATE ON store_event WHEN {changed} "
        "BEGIN SELECT RAISE(ABORT, 'append-only: store_event'); END",
        "CREATE TRIGGER store_event_no_delete BEFORE DELETE ON store_event "
        "BEGIN SELECT RAISE(ABORT, 'append-only: store_event'); END",
        "CREATE VIRTUAL TABLE store_search USING fts5("
        "term, content='store_searchterm', content_rowid='id', tokenize='unicode61')",
        "CREATE TRIGGER store_search_add AFTER INSERT ON store_searchterm WHEN NEW.kind = 'name' "
        "BEGIN INSERT INTO store_search(rowid, term) VALUES (NEW.id, NEW.term); END",
        "CREATE TRIGGER store_search_drop AFTER DELETE ON store_searchterm WHEN OLD.kind = 'name' "
        "BEGIN INSERT INTO store_search(store_search, rowid, term) "
        "VALUES ('delete', OLD.id, OLD.term); END",
    ]


def _postgresql() -> list[str]:
    made = [
        "CREATE FUNCTION store_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME; END $$",
        "CREATE FUNCTION store_keep_unless_undone() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF {UNDOING.format(true='true')} THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME; END $$",
    ]
    made += [line for table in APPEND_ONLY for line in append_only(table, "postgresql")]
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in EVENT_FIXED)
    return [
        *made,
        "CREATE TRIGGER store_event_no_update BEFORE UPDATE ON store_event FOR EACH ROW "
        f"WHEN ({changed}) EXECUTE FUNCTION store_append_only()",
        "CREATE TRIGGER store_event_no_delete BEFORE DELETE ON store_event "
        "FOR EACH ROW EXECUTE FUNCTION store_append_only()",
        "CREATE INDEX store_search ON store_searchterm USING gin (to_tsvector('simple', term)) "
        "WHERE kind = 'name'",
    ]
