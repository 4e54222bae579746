"""Lines to labelled lines, and those to sections; the language of a text."""
