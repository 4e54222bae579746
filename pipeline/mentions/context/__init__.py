"""How a text speaks of a term: negated, suspected, of another person, past, a stopped drug.

Cues are words of a language (`cues_of/*.toml`). A cue reaches from its place to the end of its
sentence, or to a word that ends its reach (after NegEx, Chapman et al. 2001, and ConText, Harkema
et al. 2009).
"""
