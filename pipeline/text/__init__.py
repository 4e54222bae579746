"""Lines to labelled lines, labelled lines to sections; the language of a text."""
