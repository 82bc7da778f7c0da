"""Reads a SQLite file by ADBC in a process of its own, and sends Arrow batches to its parent.

A process of its own, because ADBC brings its own copy of SQLite: two copies in one process do not
see each other's locks, and the first to close deletes the other's write-ahead log with what was
committed to it. A test holds that. Run by fetch.py with the file's path; each line on standard
input is a statement with the columns wanted, each answer an Arrow stream on standard output. All
statements of one process read one snapshot.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from adbc_driver_sqlite import dbapi

BATCH_ROWS = 131_072
TYPES = {"int": pa.int64(), "date": pa.date32(), "text": pa.string(), "word": pa.string()}


def main() -> None:
    """Answers every statement on standard input until that ends."""
    with dbapi.connect(sys.argv[1]) as link:
        for line in sys.stdin.buffer:
            asked = json.loads(line)
            answer(link, asked["sql"], asked["wants"])


def answer(link: Any, sql: str, wants: dict[str, str]) -> None:
    """One Arrow stream with the rows of the statement."""
    words = [name for name, kind in wants.items() if kind == "word"]
    schema = pa.schema(
        [
            (name, pa.dictionary(pa.int32(), pa.string()) if name in words else TYPES[kind])
            for name, kind in wants.items()
        ]
    )
    options = pa.ipc.IpcWriteOptions(emit_dictionary_deltas=False)
    with link.cursor() as cursor:
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(BATCH_ROWS)})
        cursor.execute(sql)
        with pa.ipc.new_stream(sys.stdout.buffer, schema, options=options) as out:
            for batch in cursor.fetch_record_batch():
                if batch.num_rows:
                    out.write_batch(_typed(batch, wants, schema))
    sys.stdout.buffer.flush()


def _typed(batch: pa.RecordBatch, wants: dict[str, str], schema: pa.Schema) -> pa.RecordBatch:
    columns = []
    for at, kind in enumerate(wants.values()):
        column = batch.column(at)
        if kind == "date":
            column = _dates(column)
        elif kind == "word":
            column = column.cast(pa.string()).dictionary_encode()
        columns.append(column.cast(schema.field(at).type))
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _dates(column: pa.Array) -> pa.Array:
    """Text dates as dates; empty text is a missing one."""
    text = column.cast(pa.string())
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text).cast(pa.date32())


if __name__ == "__main__":
    main()
