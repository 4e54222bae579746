"""Dates and durations that a text states, and the terms that they date."""
