"""Concept vectors: embeddings of clinical codes from their co-occurrence in time."""
