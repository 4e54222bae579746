"""Makes sample_docs again."""
