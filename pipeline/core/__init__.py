"""What all rooms share: schemas of tables, settings, errors, reasons, paths, worker processes. Imports no other room."""
