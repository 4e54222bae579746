"""PDF files to lines: reading by two engines, repair, layout, form fields and OCR."""
