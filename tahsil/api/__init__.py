"""The REST face: the same nouns and verbs for other programs."""
