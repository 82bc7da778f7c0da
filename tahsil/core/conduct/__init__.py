"""How we may behave: rule packs as dated data, and one evaluator that judges an intended act."""
