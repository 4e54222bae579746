"""Who may see the page: somebody on this machine who has the token, in one browser."""

import hmac
import secrets
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

COOKIE = "chartline_review"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; "
    "script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",  # patients' text stays in no browser's cache
}
Answer = Callable[[Request], Awaitable[Response]]


def new_token() -> str:
    """A token that nobody guesses; it lives as long as the server."""
    return secrets.token_urlsafe(32)


class Access:
    """Lets requests through that name this machine and bring the token.

    The first request has the token in its address; it is answered with a cookie and a redirect to
    the address without it, so that the token stays in no history.

    Args:
        token: from `new_token`.
    """

    def __init__(self, token: str) -> None:
        self._token = token

    async def __call__(self, request: Request, answer: Answer) -> Response:
        """The answer to a request, or why it is refused."""
        response = self._refused(request)
        if response is None:
            response = await answer(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def _refused(self, request: Request) -> Response | None:
        host = request.headers.get("host", "").rsplit(":", 1)[0]
        if host not in _LOOPBACK:  # a page elsewhere whose name was made to lead here
            return PlainTextResponse("chartline: another host", 403)
        if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return PlainTextResponse("chartline: another origin", 403)
        given = request.query_params.get("token")
        if given is not None and self._is_token(given):
            response = RedirectResponse(request.url.path, 303)
            response.set_cookie(COOKIE, self._token, httponly=True, samesite="strict")
            return response
        if self._is_token(request.cookies.get(COOKIE, "")):
            return None
        return PlainTextResponse("chartline: open the address that `chartline review` printed", 403)

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self._token.encode())
