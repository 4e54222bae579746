"""The same stages as Prefect flows: scheduled, retried, observed."""
