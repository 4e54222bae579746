"""Classifiers of disease onset, and measures of how good predicted risks are."""
