"""Tahsil: collections management. See docs/ for the guide and GLOSSARY.md for the words."""
