"""What every kind of request is given: the spreadsheet, who asks, and the rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes.google import masks, prose, wire
from tests.fakes.google.book import Book
from tests.fakes.google.masks import Mask
from tests.fakes.google.refusals import Refused
from tests.fakes.google.schema import Discovery, Obj


@dataclass(frozen=True, slots=True)
class Batch:
    """One ``batchUpdate`` while it is applied."""

    book: Book
    caller: str
    """Address of the account that asks."""
    discovery: Discovery

    def check(self, schema: str, request: Obj) -> None:
        """Refuse a request that breaks what is said in prose."""
        for problem in prose.request_problems(self.discovery, schema, request):
            raise Refused(problem)

    def mask(self, schema: str, request: Obj) -> Mask:
        """Read the fields that a request writes."""
        return masks.update_mask(self.discovery, schema, request.get("fields"))

    def kept(self, schema: str, message: Obj) -> Obj:
        """Give a message as Google keeps it, and refuse one that breaks what is said in prose."""
        made: Obj = wire.settled(self.discovery, schema, message)
        for problem in prose.whole_problems(self.discovery, schema, made):
            raise Refused(problem)
        return made

    def patched(self, schema: str, target: Obj, source: Obj, mask: Mask) -> Obj:
        """Give *target* after an update of some of its fields."""
        settled: Obj = wire.settled(self.discovery, schema, source)
        return self.kept(schema, masks.patch(target, settled, mask))


Handler = Callable[[Batch, Obj], Obj | None]
"""Applies one request and gives its reply, None for an empty one."""
