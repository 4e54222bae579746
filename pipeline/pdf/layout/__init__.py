"""Glyphs to lines in reading order."""
