"""Tasks that come with Chartline, in ACES's syntax."""
