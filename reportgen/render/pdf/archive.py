"""What PDF/A asks of the description of a file, beyond what WeasyPrint writes."""

from __future__ import annotations

import re
from typing import Any

_SPACES = re.compile(r"<rdf:RDF((?:\s+xmlns:\w+=\"[^\"]*\")+)\s*>")
_SYNTAX = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'


def declare_spaces(pdf: Any) -> None:
    """Name the spaces of each property where it stands, and not once for all.

    Both is XMP; validators of archives such as PDFBox's look for the claim of PDF/A only there.

    Args:
        pdf: WeasyPrint's `pydyf.PDF`, which is to be written.
    """
    metadata = next(entry for entry in pdf.objects if entry.reference == pdf.catalog["Metadata"])
    described = b"".join(metadata.stream).decode("utf-8")
    found = _SPACES.search(described)
    if found is None:
        return
    spaces = found.group(1).replace(_SYNTAX, "").strip()
    described = described.replace(found.group(0), f"<rdf:RDF {_SYNTAX}>")
    described = described.replace("<rdf:Description ", f"<rdf:Description {spaces} ")
    metadata.stream = [described.encode("utf-8")]
