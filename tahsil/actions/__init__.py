"""Everything that can be done: one function, one event, through one door (_verb.py)."""
