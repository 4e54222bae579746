"""Events to risk: cohort, concept vectors, features, leaks, onset."""
