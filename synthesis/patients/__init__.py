"""A simulated cohort of patients, with codes and heart failure drawn from rates that are known."""
