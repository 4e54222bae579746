"""The Transformer that says what each line of a page is, and the pages it learns from."""

from pathlib import Path

WEIGHTS = Path(__file__).parent / "weights"  # the shipped ones
