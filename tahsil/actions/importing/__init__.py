"""Committing an import: one module for each kind of record, in the order they depend on each other.

A writer takes the staged rows of its kind and a Desk, writes what it can resolve, and says of
every other row why it was held. Nothing here opens a transaction: actions/imports.py does.
"""
