"""The demo: a fictional developer group, twelve accounts by name, and as many more as wanted."""

from tahsil.run.demo.build import Made, build

__all__ = ["Made", "build"]
