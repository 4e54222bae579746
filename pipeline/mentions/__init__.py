"""Sections to mentions: clinical facts in text, with their context."""
