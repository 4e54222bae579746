"""Learned models: the line classifier, concept vectors, onset classifiers.

They take and return tensors, arrays and frames, and import nothing of the pipeline.
"""
