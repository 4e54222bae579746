"""Terms in seven languages and the codes that they mean."""
