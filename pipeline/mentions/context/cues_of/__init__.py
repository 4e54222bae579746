"""Cue lists, a language a file."""
