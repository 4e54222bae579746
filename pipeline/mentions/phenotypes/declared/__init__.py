"""Phenotypes that come with Chartline, a YAML file each."""
