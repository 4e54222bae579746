"""The line classifier: a small Transformer that gives every line of a page one of ten labels.

`prediction` loads the weights and labels lines; `training` makes new weights.
"""

from pathlib import Path

WEIGHTS = Path(__file__).parent / "weights"  # the folder of the weights that come with the package
