"""Serves the page on this machine alone."""

import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from chartline.core.errors import UsageError
from chartline.core.settings import Settings
from chartline.store import Store
from chartline.views.review.access import new_token
from chartline.views.review.app import Review, application

_HOST = "127.0.0.1"


def serve(
    store: Store, folder: Path, settings: Settings, port: int, say: Callable[[str], None]
) -> None:
    """Serves until it is stopped; says the address first, with its token.

    Args:
        store: the tables.
        folder: the folder of the documents.
        settings: see `Review`.
        port: of this machine; 0 for any free one.
        say: prints a line.

    Raises:
        UsageError: the port is in use.
    """
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((_HOST, port))
        except OSError:
            raise UsageError(f"port {port} is in use; --port 0 takes a free one") from None
        token = new_token()
        review = Review(store, folder, settings)
        say(f"http://{_HOST}:{listening.getsockname()[1]}/?token={token}")
        # no access log: addresses name documents
        config = uvicorn.Config(application(review, token), log_level="critical", access_log=False)
        try:
            uvicorn.Server(config).run(sockets=[listening])
        finally:
            review.pictures.close()
