"""Corrections to weights: annotations, which documents to annotate next, adaptation."""
