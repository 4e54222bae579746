"""Tables in the formats of others."""
