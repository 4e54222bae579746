"""EHR sources and mentions to one stream of MEDS events."""
