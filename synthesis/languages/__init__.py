"""Texts of our own in many languages, and the training of the model that tells them apart."""
