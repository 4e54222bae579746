"""From a PDF to lines of text with their place on the page."""
