"""The command line: translates words into one call of a query, an action or a run."""
