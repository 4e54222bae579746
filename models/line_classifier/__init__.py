"""The Transformer that says what each line of a page is, and the pages it learns from."""
