"""The session cards: one evening, told from every side."""
