"""The web application: the list, a document, the picture of a page."""

from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from chartline.core.settings import Settings
from chartline.store import Store
from chartline.views.marking import LABEL_COLOURS
from chartline.views.review.access import Access
from chartline.views.review.listing import PAGE, SORTS, Query, listed
from chartline.views.review.pages import Pictures, document

_STATIC = {"review.css": "text/css", "review.js": "text/javascript"}


class Review:
    """The pages over the tables of a run.

    Args:
        store: the tables.
        folder: the folder of the documents; their pictures come from there.
        settings: for the memory that drawing a page may take.
    """

    def __init__(self, store: Store, folder: Path, settings: Settings) -> None:
        self._store = store
        self.pictures = Pictures(folder, settings.reading.limits.memory_mb)
        self._templates = Environment(
            loader=PackageLoader("chartline.views.review", "."), autoescape=True
        )

    async def documents(self, request: Request) -> Response:
        """The list of documents."""
        query = _query_of(request)
        found = await run_in_threadpool(listed, self._store, query)
        last = max(1, -(-found.matching // PAGE))
        return self._html("documents.html", query=query, found=found, last=last, sorts=SORTS)

    async def document(self, request: Request) -> Response:
        """One document."""
        name = request.path_params["document_id"]
        shown = await run_in_threadpool(document, self._store, name)
        if shown is None:
            return PlainTextResponse("chartline: no such document in these tables", 404)
        return self._html("document.html", document=shown)

    async def picture(self, request: Request) -> Response:
        """The picture of a page."""
        name, page = request.path_params["document_id"], request.path_params["page"]
        paths = await run_in_threadpool(_path_of, self._store, name)
        image = await run_in_threadpool(self.pictures.picture, paths[0], page) if paths else b""
        if not image:
            return PlainTextResponse("chartline: the page cannot be drawn", 404)
        return Response(image, media_type="image/webp")

    async def static(self, request: Request) -> Response:
        """The style sheet and the script; the colours of labels are generated."""
        name = request.path_params["name"]
        if name not in _STATIC:
            return PlainTextResponse("chartline: no such file", 404)
        text = (resources.files("chartline.views.review") / "static" / name).read_text("utf-8")
        if name.endswith(".css"):
            text += "".join(
                f".label-{label}{{--colour:{colour}}}\n" for label, colour in LABEL_COLOURS.items()
            )
        return Response(text, media_type=_STATIC[name])

    def _html(self, template: str, **values: Any) -> Response:
        page = self._templates.get_template(template)
        return HTMLResponse(page.render(labels=LABEL_COLOURS, **values))


def application(review: Review, token: str) -> Starlette:
    """The application; only who has `token` on this machine sees anything."""
    routes = [
        Route("/", review.documents),
        Route("/document/{document_id}", review.document),
        Route("/document/{document_id}/page/{page:int}", review.picture),
        Route("/static/{name}", review.static),
    ]
    access = Middleware(BaseHTTPMiddleware, dispatch=Access(token))
    return Starlette(routes=routes, middleware=[access])


def _query_of(request: Request) -> Query:
    """The query in an address; what is wrong in it is as if it were not there."""
    given = request.query_params
    page = given.get("page", "1")
    return Query(
        words=given.get("words", ""),
        status=given.get("status", ""),
        language=given.get("language", ""),
        code=given.get("code", "").strip(),
        sort=sort if (sort := given.get("sort", "")) in SORTS else SORTS[0],
        page=max(1, int(page)) if page.isdecimal() and len(page) < 9 else 1,
    )


def _path_of(store: Store, document_id: str) -> list[str]:
    found = store.lazy("documents", ["document_id", "path"]).filter(document_id=document_id)
    return found.collect()["path"].to_list()
