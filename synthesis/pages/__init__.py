"""Invented hospital documents, in which the colour of each glyph carries its true label."""
