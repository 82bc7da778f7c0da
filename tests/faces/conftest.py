"""The desk every page is tried at."""

from tests.faces.desk import desk

__all__ = ["desk"]
