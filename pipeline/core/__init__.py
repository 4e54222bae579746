"""What all rooms share: schemas of tables, settings, errors, lineage, worker processes.

Imports no other room.
"""
