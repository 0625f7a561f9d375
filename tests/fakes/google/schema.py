"""Google's own description of its interfaces: what a request and an answer may hold.

The two documents ship inside google-api-python-client. They know fields, types, enumerations, query
parameters and scopes; what they say in prose only stands in `prose`.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

Obj = dict[str, Any]
DOCUMENTS = {"sheets": "sheets.v4.json", "drive": "drive.v3.json"}
INT32 = range(-(2**31), 2**31)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing in a message that its schema does not allow."""

    path: str
    """In the names of the wire, such as ``requests[0].add_sheet.properties``."""
    text: str


@dataclass(frozen=True, slots=True)
class Method:
    """One call of an interface."""

    api: str
    id: str
    """Such as ``spreadsheets.values.batchUpdate``."""
    verb: str
    pattern: re.Pattern[str]
    request: str | None
    response: str
    parameters: Mapping[str, Any]
    scopes: frozenset[str]


def snake(name: str) -> str:
    """Give the wire's name of a field: ``addSheet`` → ``add_sheet``."""
    return re.sub(r"[A-Z]", lambda letter: "_" + letter[0].lower(), name)


class Discovery:
    """One of the documents."""

    def __init__(self, api: str) -> None:
        place = importlib.resources.files("googleapiclient") / "discovery_cache" / "documents"
        self.document: Obj = json.loads((place / DOCUMENTS[api]).read_text("utf-8"))
        self.schemas: dict[str, Obj] = self.document["schemas"]
        self.api = api
        self.methods = tuple(self._methods(self.document))

    def _methods(self, resource: Obj) -> Iterator[Method]:
        for entry in resource.get("methods", {}).values():
            path = self.document["servicePath"] + entry.get("flatPath", entry["path"])
            pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+?)", re.escape(path))
            yield Method(
                api=self.api,
                id=entry["id"].removeprefix(self.api + "."),
                verb=entry["httpMethod"],
                pattern=re.compile("/" + pattern),
                request=entry.get("request", {}).get("$ref"),
                response=entry.get("response", {}).get("$ref", ""),
                parameters=self.document["parameters"] | entry.get("parameters", {}),
                scopes=frozenset(entry.get("scopes", ())),
            )
        for inner in resource.get("resources", {}).values():
            yield from self._methods(inner)

    def find(self, verb: str, path: str) -> tuple[Method, dict[str, str]] | None:
        """Give the method behind a path and what stands in it."""
        found = [
            (method, {name: unquote(value) for name, value in match.groupdict().items()})
            for method in self.methods
            if method.verb == verb and (match := method.pattern.fullmatch(path))
        ]
        # {spreadsheetId} alone would take "ID:batchUpdate" too: the one with the shortest values is meant
        return min(found, key=lambda entry: sum(map(len, entry[1].values())), default=None)

    def field(self, schema: str, name: str) -> Obj | None:
        """Give the description of a field, None for a name that the schema does not have."""
        found: Obj | None = self.schemas[schema].get("properties", {}).get(name)
        return found

    def problems(self, schema: str, value: Any, path: str = "") -> Iterator[Problem]:
        """Everything in a message that its schema does not allow."""
        yield from self._check({"$ref": schema}, value, path)

    def _check(self, node: Obj, value: Any, path: str) -> Iterator[Problem]:
        if "$ref" in node:
            node = self.schemas[node["$ref"]]
        kind = node["type"]
        if kind == "object":
            yield from self._check_object(node, value, path)
        elif kind == "array":
            if not isinstance(value, list):
                yield Problem(path, f"Invalid value at '{path}' (an array is wanted), {value!r}")
                return
            for number, entry in enumerate(value):
                yield from self._check(node["items"], entry, f"{path}[{number}]")
        elif wanted := _wrong_scalar(node, value):
            yield Problem(path, f"Invalid value at '{path}' ({wanted}), {json.dumps(value)}")

    def _check_object(self, node: Obj, value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(path, f"Invalid value at '{path}' (a message is wanted), {json.dumps(value)}")
            return
        for name, entry in value.items():
            field = node.get("properties", {}).get(name) or node.get("additionalProperties")
            inner = f"{path}.{snake(name)}" if path else snake(name)
            if field is None:
                where = f" at '{path}'" if path else ""
                yield Problem(path, f'Unknown name "{name}"{where}: Cannot find field.')
            elif entry is not None:
                yield from self._check(field, entry, inner)

    def query_problems(self, method: Method, query: Mapping[str, list[str]]) -> Iterator[Problem]:
        """Everything in a query that the method does not know."""
        for name, values in query.items():
            field = method.parameters.get(name)
            if field is None or field.get("location") == "path":
                yield Problem(
                    name,
                    f'Unknown name "{name}": Cannot bind query parameter. '
                    f"Field '{name}' could not be found in request message.",
                )
                continue
            if len(values) > 1 and not field.get("repeated"):
                yield Problem(name, f"Invalid value at '{name}', it may be given once")
            for value in values:
                if wanted := _wrong_scalar(field, _from_query(field, value)):
                    yield Problem(name, f"Invalid value at '{name}' ({wanted}), {json.dumps(value)}")


def _from_query(field: Obj, value: str) -> Any:
    """Read a query's text as what it is meant to be; as it is where it cannot be that."""
    if field["type"] == "boolean":
        return {"true": True, "false": False}.get(value.lower(), value)
    if field["type"] == "integer" and re.fullmatch(r"-?\d+", value):
        return int(value)
    return value


def _wrong_scalar(node: Obj, value: Any) -> str:
    """Name the type that a value should have had; empty where it has it."""
    kind = node["type"]
    if kind == "any":
        return ""
    right = {
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "integer": isinstance(value, int) and not isinstance(value, bool) and value in INT32,
        "number": isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value),
    }[kind]
    if right and "enum" in node and value not in node["enum"]:
        return "one of " + ", ".join(node["enum"])
    if right and node.get("format") == "int64" and not re.fullmatch(r"-?\d+", value):
        return "TYPE_INT64"
    return "" if right else f"TYPE_{str(node.get('format', kind)).upper()}"


@functools.cache
def discovery(api: str) -> Discovery:
    """Read a document, once a process."""
    return Discovery(api)
