"""The web face: pages of queries, forms of verbs."""
