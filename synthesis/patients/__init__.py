"""A simulated cohort with a written-down hazard."""
