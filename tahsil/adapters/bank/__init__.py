"""Bank statements: MT940 and MT942, CAMT.052 to 054, OFX, BAI2, and tables with headings.

`reading.read` recognises a file by its content and returns its statements, or refuses it with
every line and reason. Nothing here knows the database; what a line means is decided by whoever
asks. Tables (csv, xlsx) come as rows already read: `rows.read`.
"""
