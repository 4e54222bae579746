"""People's corrections to new weights: annotations, what to annotate next, adaptation."""
