"""Delta tables, and the runs that write them."""

from chartline.store.delta import OF_DOCUMENTS, SCHEMAS, Store

__all__ = ["OF_DOCUMENTS", "SCHEMAS", "Store"]
