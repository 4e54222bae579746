"""What happens to a document, then to a patient: pure functions, table in, table out."""
