"""Data inside of a page: read by its script, never run."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from markupsafe import Markup

_SIGNS = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


def data_script(content: Any, css: str = "") -> Markup:
    """Give a block of JSON that no text in it can end early."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False).translate(_SIGNS)
    kind = f' class="{css}"' if css else ""
    return Markup(f'<script type="application/json"{kind}>{text}</script>')  # noqa: S704 - made inert above


def script_hash(script: str) -> str:
    """Give what a Content-Security-Policy names a script by: no other one runs."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
