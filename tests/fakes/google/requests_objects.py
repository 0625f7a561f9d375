"""Requests about what lies on a tab: banding, rules, protection, names, filters, charts, metadata."""

from __future__ import annotations

import copy

from tests.fakes.google.a1 import Area
from tests.fakes.google.batch import Batch, Handler
from tests.fakes.google.book import MAX_METADATA, Tab, number
from tests.fakes.google.refusals import NotEmulated, Refused
from tests.fakes.google.schema import Obj


def put(entries: list[Obj], place: int, made: Obj, home: list[Obj]) -> None:
    """Put a changed thing where it was, or at the end of the tab that it has moved to."""
    if home is entries:
        entries[place] = made
    else:
        del entries[place]
        home.append(made)


def _no_banding_twice(tab: Tab, area: Area, own: Obj) -> None:
    for other in tab.parts["bandedRanges"]:
        if other is not own and tab.area(other["range"]).meets(area):
            raise Refused(
                "You cannot add alternating background colors to a range that already has alternating "
                "background colors."
            )


def add_banding(batch: Batch, request: Obj) -> Obj:
    """Colour rows or columns in turn."""
    banded = batch.kept("BandedRange", request.get("bandedRange", {}))
    tab, area = batch.book.area(banded.get("range"))
    _no_banding_twice(tab, area, banded)
    wanted = banded.get("bandedRangeId")
    banded["bandedRangeId"] = batch.book.new_id("bandedRanges", "bandedRangeId", wanted, "Banded range")
    tab.parts["bandedRanges"].append(banded)
    return {"bandedRange": copy.deepcopy(banded)}


def update_banding(batch: Batch, request: Obj) -> None:
    """Change colours or the range of a banding."""
    source = request.get("bandedRange", {})
    entries, place = batch.book.find("bandedRanges", "bandedRangeId", source.get("bandedRangeId"))
    mask = batch.mask("BandedRange", request)
    mask.pop("bandedRangeId", None)
    own = entries[place]
    made = batch.patched("BandedRange", own, source, mask)
    tab, area = batch.book.area(made.get("range"))
    _no_banding_twice(tab, area, own)
    put(entries, place, made, tab.parts["bandedRanges"])


def add_protected_range(batch: Batch, request: Obj) -> Obj:
    """Protect a range or a tab; who does it may always edit."""
    made = _settled_protection(batch, batch.kept("ProtectedRange", request.get("protectedRange", {})))
    wanted = made.get("protectedRangeId")
    made["protectedRangeId"] = batch.book.new_id(
        "protectedRanges", "protectedRangeId", wanted, "Protected range"
    )
    batch.book.tab(made["range"].get("sheetId")).parts["protectedRanges"].append(made)
    return {"protectedRange": copy.deepcopy(made)}


def _settled_protection(batch: Batch, made: Obj) -> Obj:
    if made.get("namedRangeId") or made.get("tableId"):
        raise NotEmulated("protection of a named range or a table")
    batch.book.area(made.get("range"))
    made["requestingUserCanEdit"] = True
    if made.get("warningOnly"):
        made["editors"] = {}
    else:
        editors = made.setdefault("editors", {})
        editors["users"] = sorted({*editors.get("users", []), batch.caller})
    return made


def update_protected_range(batch: Batch, request: Obj) -> None:
    """Change a protection."""
    source = request.get("protectedRange", {})
    entries, place = batch.book.find("protectedRanges", "protectedRangeId", source.get("protectedRangeId"))
    mask = batch.mask("ProtectedRange", request)
    for name in ("protectedRangeId", "requestingUserCanEdit"):
        mask.pop(name, None)
    made = _settled_protection(batch, batch.patched("ProtectedRange", entries[place], source, mask))
    put(entries, place, made, batch.book.tab(made["range"].get("sheetId")).parts["protectedRanges"])


def _check_name(batch: Batch, made: Obj, own: Obj | None) -> None:
    batch.book.area(made.get("range"))
    for other in batch.book.named_ranges:
        if other is not own and other["name"].casefold() == made["name"].casefold():
            raise Refused(f"A named range with the name {made['name']} already exists.")


def add_named_range(batch: Batch, request: Obj) -> Obj:
    """Give a range a name."""
    made = batch.kept("NamedRange", request.get("namedRange", {}))
    _check_name(batch, made, None)
    made.setdefault("namedRangeId", str(next(batch.book.numbers)))
    if any(other["namedRangeId"] == made["namedRangeId"] for other in batch.book.named_ranges):
        raise Refused(f"A named range with id {made['namedRangeId']} already exists.")
    batch.book.named_ranges.append(made)
    return {"namedRange": copy.deepcopy(made)}


def _named(batch: Batch, wanted: object) -> int:
    for place, entry in enumerate(batch.book.named_ranges):
        if entry["namedRangeId"] == wanted:
            return place
    raise Refused(f"No named range with id: {wanted}")


def update_named_range(batch: Batch, request: Obj) -> None:
    """Change a name or where it points."""
    source = request.get("namedRange", {})
    place = _named(batch, source.get("namedRangeId"))
    mask = batch.mask("NamedRange", request)
    mask.pop("namedRangeId", None)
    own = batch.book.named_ranges[place]
    made = batch.patched("NamedRange", own, source, mask)
    _check_name(batch, made, own)
    batch.book.named_ranges[place] = made


def delete_named_range(batch: Batch, request: Obj) -> None:
    """Take a name away."""
    del batch.book.named_ranges[_named(batch, request.get("namedRangeId"))]


def _settled_filter(batch: Batch, made: Obj) -> Obj:
    """Keep the criteria in both of their forms, and refuse one outside of the filter."""
    if made.get("tableId") or made.get("namedRangeId"):
        raise NotEmulated("a filter of a named range or a table")
    if not made.get("range"):
        raise Refused("A filter must have a range")
    _, area = batch.book.area(made["range"])
    specs = made.get("filterSpecs")
    if specs is None:
        specs = [
            {"columnIndex": int(column), "filterCriteria": criteria}
            for column, criteria in made.get("criteria", {}).items()
        ]
    columns = [spec.get("columnIndex", 0) for spec in specs]
    columns += [spec.get("dimensionIndex", 0) for spec in made.get("sortSpecs", [])]
    if outside := [column for column in columns if not area.left <= column < area.right]:
        raise Refused(f"The column {outside[0]} lies outside of the filter")
    made.pop("criteria", None)
    made.pop("filterSpecs", None)
    if specs:
        made["filterSpecs"] = specs
        made["criteria"] = {str(spec.get("columnIndex", 0)): spec.get("filterCriteria", {}) for spec in specs}
    return made


def set_basic_filter(batch: Batch, request: Obj) -> None:
    """Set the one filter of a tab that everybody sees."""
    made = _settled_filter(batch, batch.kept("BasicFilter", request.get("filter", {})))
    batch.book.tab(made["range"].get("sheetId")).basic_filter = made


def clear_basic_filter(batch: Batch, request: Obj) -> None:
    """Take that filter away."""
    batch.book.tab(request.get("sheetId")).basic_filter = None


def add_filter_view(batch: Batch, request: Obj) -> Obj:
    """Add a filter that each reader may choose for himself."""
    made = _settled_filter(batch, batch.kept("FilterView", request.get("filter", {})))
    wanted = made.get("filterViewId")
    made["filterViewId"] = batch.book.new_id("filterViews", "filterViewId", wanted, "Filter view")
    made.setdefault("title", f"Filter {made['filterViewId']}")
    batch.book.tab(made["range"].get("sheetId")).parts["filterViews"].append(made)
    return {"filter": copy.deepcopy(made)}


def update_filter_view(batch: Batch, request: Obj) -> None:
    """Change such a filter."""
    source = request.get("filter", {})
    entries, place = batch.book.find("filterViews", "filterViewId", source.get("filterViewId"))
    mask = batch.mask("FilterView", request)
    mask.pop("filterViewId", None)
    if mask.keys() & {"criteria", "filterSpecs"}:
        mask |= {"criteria": {}, "filterSpecs": {}}
    entries[place] = _settled_filter(batch, batch.patched("FilterView", entries[place], source, mask))


def _rules(batch: Batch, tab_id: object, index: int) -> list[Obj]:
    rules = batch.book.tab(tab_id).parts["conditionalFormats"]
    if not 0 <= index < len(rules):
        raise Refused(f"No conditional format on sheet: {number(tab_id)} at index: {index}")
    return rules


def _checked_rule(batch: Batch, rule: Obj) -> tuple[Obj, list[Obj]]:
    made = batch.kept("ConditionalFormatRule", rule)
    for given in made["ranges"]:
        tab, _ = batch.book.area(given)
    return made, tab.parts["conditionalFormats"]


def add_conditional_format_rule(batch: Batch, request: Obj) -> None:
    """Insert a rule at an index."""
    made, rules = _checked_rule(batch, request.get("rule", {"ranges": [{}]}))
    index = request.get("index", 0)
    if not 0 <= index <= len(rules):
        raise Refused(f"Invalid index {index} for a conditional format rule")
    rules.insert(index, made)


def update_conditional_format_rule(batch: Batch, request: Obj) -> Obj:
    """Replace a rule, or move it."""
    index = request.get("index", 0)
    if ("rule" in request) == ("newIndex" in request):
        raise Refused("Exactly one of rule and newIndex must be set")
    if "rule" in request:
        made, rules = _checked_rule(batch, request["rule"])
        _rules(batch, made["ranges"][0].get("sheetId"), index)
        old, rules[index] = rules[index], made
        return {"newRule": made, "newIndex": index, "oldRule": old}
    rules = _rules(batch, request.get("sheetId"), index)
    _rules(batch, request.get("sheetId"), request["newIndex"])
    rules.insert(request["newIndex"], rules.pop(index))
    return {"newRule": rules[request["newIndex"]], "newIndex": request["newIndex"], "oldIndex": index}


def delete_conditional_format_rule(batch: Batch, request: Obj) -> Obj:
    """Delete the rule at an index."""
    index = request.get("index", 0)
    return {"rule": _rules(batch, request.get("sheetId"), index).pop(index)}


def create_developer_metadata(batch: Batch, request: Obj) -> Obj:
    """Attach a key and a value to a tab, a row, a column or the whole."""
    book = batch.book
    made = batch.kept("DeveloperMetadata", request.get("developerMetadata", {}))
    where = made.get("location", {})
    if "dimensionRange" in where:
        raise NotEmulated("metadata of a row or a column")
    holder = book.metadata
    where["locationType"] = "SPREADSHEET"
    if "sheetId" in where:
        holder = book.tab(where["sheetId"]).parts["developerMetadata"]
        where["locationType"] = "SHEET"
    taken = {entry["metadataId"] for entries in _all_metadata(batch) for entry in entries}
    made.setdefault("metadataId", next(number for number in book.numbers if number not in taken))
    if made["metadataId"] in taken:
        raise Refused(f"Developer metadata with id {made['metadataId']} already exists.")
    holder.append(made)
    _check_metadata_size(holder)
    return {"developerMetadata": copy.deepcopy(made)}


def _all_metadata(batch: Batch) -> list[list[Obj]]:
    return [batch.book.metadata, *batch.book.all_parts("developerMetadata")]


def _check_metadata_size(entries: list[Obj]) -> None:
    size = sum(len(entry["metadataKey"]) + len(entry.get("metadataValue", "")) for entry in entries)
    if size > MAX_METADATA:
        raise Refused(
            f"The developer metadata of one location may hold {MAX_METADATA} characters, got {size}"
        )


def matches(entry: Obj, lookup: Obj) -> bool:
    """Whether a lookup means this metadata."""
    if lookup.keys() & {"metadataLocation", "locationMatchingStrategy"}:
        raise NotEmulated("looking metadata up by its location")
    if lookup.get("locationType", entry["location"]["locationType"]) != entry["location"]["locationType"]:
        return False
    names = ("metadataId", "metadataKey", "metadataValue", "visibility")
    return all(entry.get(name) == lookup[name] for name in names if name in lookup)


def update_developer_metadata(batch: Batch, request: Obj) -> Obj:
    """Change every metadata that one of the filters means."""
    mask = batch.mask("DeveloperMetadata", request)
    for name in ("metadataId", "location"):
        mask.pop(name, None)
    lookups = [entry.get("developerMetadataLookup") for entry in request.get("dataFilters", [])]
    if not lookups or None in lookups:
        raise Refused("At least one data filter with a developerMetadataLookup is required")
    changed = []
    for entries in _all_metadata(batch):
        for place, entry in enumerate(entries):
            if any(matches(entry, lookup) for lookup in lookups if lookup is not None):
                entries[place] = batch.patched("DeveloperMetadata", entry, request["developerMetadata"], mask)
                changed.append(copy.deepcopy(entries[place]))
        _check_metadata_size(entries)
    if not changed:
        raise Refused("No developer metadata matches the filters")
    return {"developerMetadata": changed}


def delete_developer_metadata(batch: Batch, request: Obj) -> Obj:
    """Take away every metadata that the filter means."""
    lookup = request.get("dataFilter", {}).get("developerMetadataLookup")
    if lookup is None:
        raise Refused("A data filter with a developerMetadataLookup is required")
    gone = []
    for entries in _all_metadata(batch):
        gone += [entry for entry in entries if matches(entry, lookup)]
        entries[:] = [entry for entry in entries if not matches(entry, lookup)]
    return {"deletedDeveloperMetadata": gone}


def deletion(part: str, id_name: str, field: str) -> Handler:
    """Make the handler that deletes one kind of thing."""

    def delete(batch: Batch, request: Obj) -> None:
        entries, place = batch.book.find(part, id_name, request.get(field))
        del entries[place]

    return delete


HANDLERS: dict[str, Handler] = {
    "addBanding": add_banding,
    "updateBanding": update_banding,
    "deleteBanding": deletion("bandedRanges", "bandedRangeId", "bandedRangeId"),
    "addProtectedRange": add_protected_range,
    "updateProtectedRange": update_protected_range,
    "deleteProtectedRange": deletion("protectedRanges", "protectedRangeId", "protectedRangeId"),
    "addNamedRange": add_named_range,
    "updateNamedRange": update_named_range,
    "deleteNamedRange": delete_named_range,
    "setBasicFilter": set_basic_filter,
    "clearBasicFilter": clear_basic_filter,
    "addFilterView": add_filter_view,
    "updateFilterView": update_filter_view,
    "deleteFilterView": deletion("filterViews", "filterViewId", "filterId"),
    "addConditionalFormatRule": add_conditional_format_rule,
    "updateConditionalFormatRule": update_conditional_format_rule,
    "deleteConditionalFormatRule": delete_conditional_format_rule,
    "createDeveloperMetadata": create_developer_metadata,
    "updateDeveloperMetadata": update_developer_metadata,
    "deleteDeveloperMetadata": delete_developer_metadata,
}
