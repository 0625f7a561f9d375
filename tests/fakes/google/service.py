"""Google behind its door: who is let in, what is asked, what is answered, and what goes wrong on the way."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from tests.fakes.google import masks, methods_drive, methods_sheets, wire
from tests.fakes.google.book import Book
from tests.fakes.google.faults import Fault, FaultScript
from tests.fakes.google.methods_sheets import Ask
from tests.fakes.google.oauth import Caller, TokenOffice, invalid_grant
from tests.fakes.google.refusals import (
    ApiError,
    NotEmulated,
    Refused,
    bad_request,
    drive_refusal,
    refusal,
    scope_missing,
    service_disabled,
)
from tests.fakes.google.schema import Discovery, Method, Obj, discovery

APIS = {"sheets.googleapis.com": "sheets", "www.googleapis.com": "drive"}
HTML = b"<!DOCTYPE html><html><title>Error 502 (Server Error)!!1</title><p>That's an error.</html>"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One request as it came over the wire."""

    host: str
    verb: str
    target: str
    token: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back; nothing at all where the connection breaks."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    broken: Literal["", "reset", "hang"] = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One line of the log."""

    method: str
    """Such as ``spreadsheets.batchUpdate``; ``token`` for a token."""
    status: int
    """What the caller was told; 0 for a connection that broke."""
    size: int
    """Bytes of the request's body."""
    kinds: tuple[str, ...] = ()
    """Kinds of the requests in a batch, in order."""
    scopes: frozenset[str] = frozenset()
    """What the token was asked for, without the common beginning: ``spreadsheets``."""
    caller: str = ""
    fault: str = ""
    query: Mapping[str, list[str]] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Routed:
    method: Method
    values: Mapping[str, str]
    query: Mapping[str, list[str]]


class Service:
    """All of Google that a publisher meets."""

    def __init__(self) -> None:
        self.books: dict[str, Book] = {}
        self.calls: list[Call] = []
        self.faults = FaultScript()
        self.office = TokenOffice()
        self.disabled: set[str] = set()
        """Interfaces that the project has not switched on: ``sheets``, ``drive``."""
        self.service_accounts_have_storage = False
        self.limits: list[str] = []
        """What the program asked for and the fake does not have: a test with one of them fails."""
        self.ignored: list[str] = []
        """Fields that Drive does not know and silently drops."""
        self._lock = threading.RLock()

    def answer(self, incoming: Incoming) -> Answer:
        """Answer one request."""
        with self._lock:
            if incoming.host == "oauth2.googleapis.com":
                return self._token(incoming)
            if incoming.host not in APIS:
                return _json(404, refusal(404).body)
            return self._api(incoming)

    def _token(self, incoming: Incoming) -> Answer:
        fault = self.faults.next_for("token")
        form = {name: values[0] for name, values in parse_qs(incoming.body.decode()).items()}
        scopes: frozenset[str] = frozenset()
        try:
            if fault and fault.kind == "invalid_grant":
                raise invalid_grant("Invalid JWT Signature.")
            made = self.office.answer(form)
            scopes = _short(made["scope"].split())
            answer = _json(200, made)
        except ApiError as no:
            answer = _json(no.status, no.body)
        if fault and fault.kind != "invalid_grant":
            answer = _faulty(fault)
        kind = fault.kind if fault else ""
        self.calls.append(Call("token", answer.status, len(incoming.body), scopes=scopes, fault=kind))
        return answer

    def _api(self, incoming: Incoming) -> Answer:
        parts = urlsplit(incoming.target)
        documents = discovery(APIS[incoming.host])
        found = documents.find(incoming.verb, parts.path)
        if found is None:
            return Answer(404, HTML, {"Content-Type": "text/html; charset=UTF-8"})
        routed = _Routed(*found, parse_qs(parts.query, keep_blank_values=True))
        fault = self.faults.next_for(routed.method.id)
        caller = self.office.tokens.get(incoming.token)
        body, answer = _read(incoming.body), None
        if fault is None or fault.after:
            answer = self._let_in(routed, body, caller)
        if fault is not None:
            answer = _faulty(fault)
        assert answer is not None
        requests = body.get("requests") if isinstance(body, dict) else None
        kinds = tuple(kind for request in requests or () if isinstance(request, dict) for kind in request)
        self.calls.append(
            Call(
                method=routed.method.id,
                status=answer.status,
                size=len(incoming.body),
                kinds=kinds,
                scopes=_short(caller.scopes) if caller else frozenset(),
                caller=caller.email if caller else "",
                fault=f"{fault.kind} after" if fault and fault.after else fault.kind if fault else "",
                query=routed.query,
                body=body if isinstance(body, dict) else {},
            )
        )
        return answer

    def _let_in(self, routed: _Routed, body: Any, caller: Caller | None) -> Answer:
        method = routed.method
        try:
            if caller is None:
                raise refusal(401)
            if method.api in self.disabled:
                raise service_disabled(method.api)
            if not caller.scopes & method.scopes:
                raise scope_missing(method.id)
            return _json(200, self.perform(routed, body, caller))
        except ApiError as no:
            return _json(no.status, no.body, no.headers)

    def perform(self, routed: _Routed, body: Any, caller: Caller) -> Obj:
        """Carry a call out and give its answer, both checked against the description of the interface."""
        method = routed.method
        documents = discovery(method.api)
        known = methods_sheets.METHODS | methods_drive.METHODS
        if method.id not in known:
            raise NotEmulated(f"the call {method.id}")
        default = methods_drive.DEFAULT_FIELDS.get(method.id)
        wanted = routed.query.get("fields", [default])[0]
        self._check(documents, routed, body)
        mask = masks.response_mask(documents, method.response, wanted)
        content = _without_nulls(body) if isinstance(body, dict) else {}
        storage = self.service_accounts_have_storage
        ask = Ask(self.books, caller, routed.values, routed.query, content, documents, storage)
        try:
            whole = known[method.id](ask)
        except Refused as no:
            raise refusal(400, str(no)) from no
        made: Obj = masks.select(whole, mask)
        made = wire.sent(documents, method.response, made) if method.api == "sheets" else made
        for problem in documents.problems(method.response, made):
            raise NotEmulated(f"a right answer to {method.id}: {problem.text}")
        return made

    def _check(self, documents: Discovery, routed: _Routed, body: Any) -> None:
        """Refuse what the interface does not know; Drive drops it instead."""
        method = routed.method
        problems = [(one.path, one.text) for one in documents.query_problems(method, routed.query)]
        if method.request is None and body not in (None, {}):
            problems.append(("body", "Request body is not allowed for this method."))
        if method.request is not None:
            problems += [(one.path, one.text) for one in documents.problems(method.request, body or {})]
        if method.api == "drive":
            self.ignored += [text for _, text in problems if text.startswith("Unknown name")]
            problems = [(path, text) for path, text in problems if not text.startswith("Unknown name")]
            if problems:
                raise drive_refusal(400, "badRequest", problems[0][1])
        if problems:
            raise bad_request(problems)

    def directly(self, host: str, verb: str, target: str, body: Obj | None, caller: Caller) -> Obj:
        """Carry out a call without the door, the faults and the log: what people do meanwhile."""
        parts = urlsplit(target)
        found = discovery(APIS[host]).find(verb, parts.path)
        assert found is not None, target
        with self._lock:
            query = parse_qs(parts.query, keep_blank_values=True)
            made: Obj = json.loads(json.dumps(self.perform(_Routed(*found, query), body, caller)))
            return made


def _short(scopes: frozenset[str] | list[str]) -> frozenset[str]:
    return frozenset(scope.rsplit("/", 1)[-1] for scope in scopes)


def _read(body: bytes) -> Any:
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return "no JSON"


def _without_nulls(value: Any) -> Any:
    """A field that is null is a field that is not there."""
    if isinstance(value, dict):
        return {name: _without_nulls(entry) for name, entry in value.items() if entry is not None}
    if isinstance(value, list):
        return [_without_nulls(entry) for entry in value]
    return value


def _json(status: int, body: Obj, headers: Mapping[str, str] | None = None) -> Answer:
    kind = {"Content-Type": "application/json; charset=UTF-8"}
    return Answer(status, json.dumps(body, allow_nan=False).encode(), kind | dict(headers or {}))


def _faulty(fault: Fault) -> Answer:
    if fault.kind in ("reset", "hang"):
        return Answer(0, b"", broken=fault.kind)
    if fault.kind == "html":
        return Answer(502, HTML, {"Content-Type": "text/html; charset=UTF-8"})
    if fault.kind == "rate":
        no = drive_refusal(403, "userRateLimitExceeded", "User Rate Limit Exceeded.", "usageLimits")
        return _json(403, no.body)
    status = int(fault.kind)
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    return _json(status, refusal(status).body, headers)
