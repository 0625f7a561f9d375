"""Field masks: which part of an answer is wanted, which fields an update writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.fakes.google.refusals import Refused, bad_request
from tests.fakes.google.schema import Discovery, Obj

Mask = dict[str, Any]
"""Field → the mask of what is in it; an empty mask means everything."""

EVERYTHING: Mask = {}
NO_FIELDS = "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"


def parse(text: str) -> Mask:
    """Read ``a,b(c,d/e),f.g``.

    Raises:
        ValueError: The text is no mask.
    """
    tokens = re.findall(r"[\w*]+|\S", text)
    mask = _parse_list(tokens)
    if tokens:
        raise ValueError(f"no mask: {''.join(tokens)!r} is left over")
    return mask


def _parse_list(tokens: list[str]) -> Mask:
    mask: Mask = {}
    whole: set[str] = set()
    while True:
        path = [_name(tokens)]
        while tokens and tokens[0] in "./":
            tokens.pop(0)
            path.append(_name(tokens))
        below: Mask = {}
        if tokens and tokens[0] == "(":
            tokens.pop(0)
            below = _parse_list(tokens)
            if not tokens or tokens.pop(0) != ")":
                raise ValueError("no mask: a bracket is not closed")
        for name in reversed(path[1:]):
            below = {name: below}
        _add(mask, path[0], below, whole)
        if not tokens or tokens[0] != ",":
            return mask
        tokens.pop(0)


def _name(tokens: list[str]) -> str:
    if not tokens or not re.fullmatch(r"[\w*]+", tokens[0]):
        raise ValueError("no mask: a name is missing")
    return tokens.pop(0)


def _add(mask: Mask, name: str, below: Mask, whole: set[str]) -> None:
    """Join what two paths name; a field named whole stays whole."""
    if not below:
        whole.add(name)
    if name in whole:
        mask[name] = {}
        return
    known = mask.setdefault(name, {})
    for inner, rest in below.items():
        if inner in known and known[inner] and rest:
            known[inner] = merged(known[inner], rest)
        else:
            known[inner] = {} if inner in known else rest


def merged(one: Mask, other: Mask) -> Mask:
    """Everything that either of two masks names."""
    if not one or not other:
        return {}
    return {
        name: merged(one[name], other[name])
        if name in one and name in other
        else one.get(name, other.get(name))
        for name in {**one, **other}
    }


def unknown(discovery: Discovery, schema: str, mask: Mask, *, through_lists: bool) -> Iterator[str]:
    """Every path of a mask that the schema does not have."""
    for name, below in mask.items():
        if name == "*":
            continue
        field = discovery.field(schema, name)
        if field is None:
            yield name
            continue
        if not below:
            continue
        if field.get("type") == "array":
            field = field["items"] if through_lists else {}
        elif "additionalProperties" in field:
            continue
        if "$ref" not in field:
            yield f"{name}.{next(iter(below))}"
            continue
        for path in unknown(discovery, field["$ref"], below, through_lists=through_lists):
            yield f"{name}.{path}"


def response_mask(discovery: Discovery, schema: str, text: str | None) -> Mask:
    """Read the ``fields`` of a call, and refuse what the answer cannot have."""
    if text is None:
        return EVERYTHING
    try:
        mask = parse(text)
    except ValueError:
        raise _bad_mask(text) from None
    for path in unknown(discovery, schema, mask, through_lists=True):
        raise _bad_mask(path)
    return mask


def _bad_mask(path: str) -> Exception:
    text = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'."
    return bad_request([(path, text)], "Request contains an invalid argument.")


def select(value: Any, mask: Mask) -> Any:
    """Give the part of an answer that a mask names; an empty message on the way stays."""
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [select(entry, mask) for entry in value]
    if isinstance(value, dict):
        return {name: select(entry, mask[name]) for name, entry in value.items() if name in mask}
    return value


def names(mask: Mask, *path: str) -> bool:
    """Whether a mask wants something at or below a path."""
    for name in path:
        if not mask or "*" in mask:
            return True
        if name not in mask:
            return False
        mask = mask[name]
    return True


def update_mask(discovery: Discovery, schema: str, text: str | None) -> Mask:
    """Read the ``fields`` of an update request; ``*`` becomes the name of every field."""
    if not text:
        raise Refused(NO_FIELDS)
    if text == "*":
        return {name: {} for name in discovery.schemas[schema]["properties"]}
    if not re.fullmatch(r"[A-Za-z0-9_.,*()/ ]+", text):
        raise Refused(f"Invalid field mask: {text}")
    try:
        mask = parse(text)
    except ValueError:
        raise Refused(f"Invalid field mask: {text}") from None
    for path in unknown(discovery, schema, mask, through_lists=False):
        raise Refused(f"Invalid field: {path}")
    if "*" in mask:
        raise Refused("Invalid field: *")
    return with_twins(mask)


def with_twins(mask: Mask) -> Mask:
    """A colour and its style are one thing: who names one of them writes both."""
    twins: Mask = {}
    for name, below in mask.items():
        twins[name] = with_twins(below)
        if name.endswith(("Color", "color")):
            twins[name + "Style"] = {}
        elif name.endswith(("ColorStyle", "colorStyle")):
            twins[name.removesuffix("Style")] = {}
    return twins


def patch(target: Obj, source: Obj, mask: Mask) -> Obj:
    """Give *target* with the fields of *mask* as they are in *source*; a field missing there goes."""
    made = dict(target)
    for name, below in mask.items():
        if below and isinstance(source.get(name, {}), dict):
            inner = patch(target.get(name) or {}, source.get(name) or {}, below)
            new = inner or None
        else:
            new = source.get(name)
        if new is None:
            made.pop(name, None)
        else:
            made[name] = new
    return made
