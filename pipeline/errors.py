"""What can go wrong for a reason that a user can mend; each carries one clear line."""


class ChartlineError(Exception):
    """The run cannot go on (exit 1)."""


class UsageError(ChartlineError):
    """The call or its configuration is wrong (exit 2)."""
