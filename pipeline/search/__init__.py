"""Full-text search over sections: tables to an index, a query to ranked hits.

Search by meaning has its place here too, once it comes: beside `matching`, over the same hits.
"""

from chartline.search.hits import Hit, as_row
from chartline.search.matching import Filters
from chartline.search.searching import Found, search

__all__ = ["Filters", "Found", "Hit", "as_row", "search"]
