"""Delta tables, and the runs that write them."""

from chartline.store.delta import MODEL, OF_DOCUMENTS, Store

__all__ = ["MODEL", "OF_DOCUMENTS", "Store"]
