"""Makes sample_docs: the PDFs of eight invented hospitals, odd files, and the coded histories."""
