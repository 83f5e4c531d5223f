"""The dashboard: read-only web pages of calls, sessions, profiles, campaigns and codes."""

import contextlib
from collections.abc import Mapping
from typing import Any, Final, TypeVar

import orjson
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from talon_async._codec.converter import RESPONSES
from talon_async._codec.json import parse
from talon_async.models.base import Model
from talon_async.sandbox._deployment.deployment import Deployment
from talon_async.sandbox._deployment.request_log import RecordedCall
from talon_async.sandbox._http.hosts import is_loopback_host

T = TypeVar("T")

PREFIX: Final = "/_sandbox"
"""The path prefix of the pages; the first one is at ``/``."""

_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "connect-src 'self'; form-action 'self'"
)
_MAX_ROWS: Final = 200
_MAX_CELL: Final = 200
"""The characters that a row shows of a text."""
_MAX_SHOWN: Final = 64 * 1024
"""The bytes that are shown of a body."""


class Dashboard:
    """The dashboard of a deployment, as an ASGI app.

    It requires no API key, so it serves only requests with a loopback host: a web site whose name resolves
    to this machine must not read it.
    """

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        templates = Environment(
            loader=PackageLoader("talon_async.sandbox._http", "dashboard/templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        templates.filters.update(plain=plain, pretty=pretty, short=short)
        self._templates = templates
        self._router: ASGIApp = Router(
            [
                Route("/", self._calls),
                Route(f"{PREFIX}/calls", self._latest_calls),
                Route(f"{PREFIX}/calls/{{number:int}}", self._call_bodies),
                Route(f"{PREFIX}/sessions", self._sessions),
                Route(f"{PREFIX}/sessions/{{name:path}}", self._session),
                Route(f"{PREFIX}/profiles", self._profiles),
                Route(f"{PREFIX}/profiles/{{name:path}}", self._profile),
                Route(f"{PREFIX}/campaigns", self._campaigns),
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a page."""
        if not is_loopback_host(scope):
            forbidden = PlainTextResponse("The dashboard is available on this machine only.", 403)
            await forbidden(scope, receive, send)
            return
        await self._router(scope, receive, send)

    async def _calls(self, _request: Request) -> Response:
        return self._render("calls.html", calls=self._newest())

    async def _latest_calls(self, _request: Request) -> Response:
        return self._render("call_rows.html", calls=self._newest())

    async def _call_bodies(self, request: Request) -> Response:
        number = request.path_params["number"]
        for call in self._deployment.calls:
            if call.number == number:
                return self._render("call_bodies.html", call=call)
        return PlainTextResponse("There is no such call, or it is no longer among the latest.", 404)

    async def _sessions(self, request: Request) -> Response:
        records, listing = _search(self._deployment.sessions, request)
        return self._render("sessions.html", sessions=[record.session for record in records], **listing)

    async def _session(self, request: Request) -> Response:
        record = self._deployment.sessions.get(request.path_params["name"])
        if record is None:
            return PlainTextResponse("There is no such session.", 404)
        return self._render("session.html", record=record, session=record.session)

    async def _profiles(self, request: Request) -> Response:
        records, listing = _search(self._deployment.profiles, request)
        return self._render("profiles.html", profiles=[record.profile for record in records], **listing)

    async def _profile(self, request: Request) -> Response:
        name = request.path_params["name"]
        record = self._deployment.profiles.get(name)
        if record is None:
            return PlainTextResponse("There is no such profile.", 404)
        sessions = [
            entry.session for entry in self._deployment.sessions.values() if entry.session.profile_id == name
        ]
        return self._render(
            "profile.html", profile=record.profile, sessions=sessions[:_MAX_ROWS], ledgers=self._ledgers(name)
        )

    def _ledgers(self, name: str) -> list[dict[str, Any]]:
        """The ledgers of a customer with their balances and entries, the latest first."""
        deployment = self._deployment
        now = deployment.clock.now()
        return [
            {
                "program": program.title,
                "subledger": subledger,
                "balance": ledger.balance(now),
                "entries": list(reversed(ledger.entries.values()))[:_MAX_ROWS],
            }
            for program in map(deployment.application.loyalty_program, deployment.store.points.accounts)
            if (account := deployment.store.points.find(program.id, name))
            for subledger, ledger in account.ledgers.items()
        ]

    async def _campaigns(self, _request: Request) -> Response:
        deployment = self._deployment
        return self._render(
            "campaigns.html",
            campaigns=list(deployment.campaigns.values()),
            coupons=list(deployment.coupons.values())[:_MAX_ROWS],
            referrals=list(deployment.referrals.values())[:_MAX_ROWS],
        )

    def _newest(self) -> list[RecordedCall]:
        return list(reversed(self._deployment.calls))[:_MAX_ROWS]

    def _render(self, template: str, **values: Any) -> Response:
        text = self._templates.get_template(template).render(
            deployment=self._deployment, prefix=PREFIX, **values
        )
        return HTMLResponse(text, headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"})


def _search(records: Mapping[str, T], request: Request) -> tuple[list[T], dict[str, Any]]:
    """The latest records whose ID contains the search text, and the values to show with them."""
    wanted = request.query_params.get("q", "")
    found = [record for name, record in records.items() if wanted in name]
    return found[::-1][:_MAX_ROWS], {"left": max(0, len(found) - _MAX_ROWS), "q": wanted}


def pretty(body: bytes) -> str:
    """Format the start of a body: JSON is indented, anything else stays as it is."""
    shown = body
    if len(body) <= _MAX_SHOWN:
        with contextlib.suppress(ValueError, TypeError):  # not valid JSON, or nested too deeply
            shown = orjson.dumps(parse(body), option=orjson.OPT_INDENT_2)
    text = shown[:_MAX_SHOWN].decode("utf-8", "replace")
    return text if len(shown) <= _MAX_SHOWN else f"{text}\n\u2026 (cut; the body has {len(body)} bytes)"


def short(text: Any) -> str:
    """Format a value of a row: the start of a long text."""
    text = str(text)
    return text if len(text) <= _MAX_CELL else f"{text[:_MAX_CELL]}\u2026"


def plain(model: Any) -> str:
    """Format a model in one line, such as ``name: 10% off, value: 9.9``."""
    if not isinstance(model, Model):
        return "" if model is None else str(model)
    document: dict[str, Any] = RESPONSES.unstructure(model)
    return ", ".join(f"{name}: {value}" for name, value in document.items() if value is not None)
