"""Where the built terminology lies, and how a record of it is packed."""

from pathlib import Path

BUILT = Path(__file__).parent / "built"
WEAK, CAPITALS = 1, 2  # flags: needs support from its context; counts in capitals only
FLAG_BITS = 2  # a record is the concept's row, and its flags in the lowest bits
