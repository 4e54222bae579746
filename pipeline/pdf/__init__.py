"""A file to lines."""
