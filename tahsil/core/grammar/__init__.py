"""The words the rest is said in: money, dates, columns, lifecycles, verdicts, refusals."""
