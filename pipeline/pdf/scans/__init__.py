"""Pictures of text to lines, by OCR in a process of its own."""
