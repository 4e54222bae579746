"""Delta tables, and the runs that write them."""

from chartline.store.delta import OF_DOCUMENTS, Store

__all__ = ["OF_DOCUMENTS", "Store"]
