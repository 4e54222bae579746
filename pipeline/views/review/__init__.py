"""The page in the browser over the tables of a run: documents, their pages, sections and facts."""
