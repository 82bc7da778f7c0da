"""Workbooks and lists of other programs, read into records that can be previewed and taken.

No database here: `staging.read` returns what a file says, what it does not let us decide,
and every row that was not taken with its reason. Committing is tahsil/actions/imports.py.
"""
