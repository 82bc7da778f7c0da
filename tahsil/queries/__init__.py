"""Everything that can be asked: who asks and `as_of` in, plain dataclasses out."""
