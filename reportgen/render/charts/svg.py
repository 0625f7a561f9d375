"""From matplotlib's file to a fragment that can stand inside a page, several times over."""

from __future__ import annotations

import re
from html import escape

from reportgen.render.charts.fonts import FAMILY, clean

_ROOT = re.compile(r"<svg [^>]*viewBox=\"([^\"]+)\"[^>]*>")
_STYLE = re.compile(r"\s*<defs>\s*<style.*?</style>\s*</defs>", re.DOTALL)
_TURN = re.compile(r' transform="rotate\(-?0 [^)]*\)"')
_DECLARED = re.compile(r' style="([^"]*)"')
_ID = re.compile(r' id="([^"]*)"')
_GROUP = re.compile(r"</g>|<g\b[^>]*>")
_BETWEEN = re.compile(r">\s+<")
_USED = re.compile(r"(?:url\(#|xlink:href=\"#)([^)\"]+)")
_FALLBACK = "'Helvetica Neue',Arial,'Noto Sans',sans-serif"
_NO_NAME = re.compile(r"[^\w-]+", re.ASCII)
_NO_FAMILY = re.compile(r"[^\w .-]+")


def fragment(svg: str, prefix: str, alt: str, family: str) -> str:
    """Make a whole SVG file a part of a page.

    Args:
        svg: What matplotlib wrote.
        prefix: Keeps the ids of this chart apart from those of others.
        alt: What the chart shows, for those who cannot see it.
        family: Name of the font; texts were measured in the bundled one.
    """
    body = svg[svg.index("<svg") :]
    head = _ROOT.match(body)
    view = head.group(1) if head else "0 0 1 1"
    _, _, width, height = view.split()
    body = _STYLE.sub("", body[head.end() if head else 0 :])
    body = _TURN.sub("", body).replace("\nL ", " L ").replace("\nM ", " M ").replace("\nz", " z")
    # as attributes: a page's own style sheet has no say over them, and none warns of them
    body = _DECLARED.sub(_attributes, body)
    body = _BETWEEN.sub("><", _ungrouped(_own_ids(body, _NO_NAME.sub("-", prefix))))
    families = ",".join(dict.fromkeys((f"'{_NO_FAMILY.sub('', family)}'", f"'{FAMILY}'")))
    body = body.replace(f"font-family=\"'{FAMILY}'\"", f'font-family="{families},{_FALLBACK}"')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width}pt" height="{height}pt" viewBox="{view}" role="img" stroke-linejoin="round" stroke-linecap="butt">'
        f"<title>{escape(clean(alt))}</title>{body.strip()}"
    )


def _attributes(match: re.Match[str]) -> str:
    declarations = (part.partition(":") for part in match.group(1).split(";") if part.strip())
    return "".join(f' {name.strip()}="{value.strip()}"' for name, _, value in declarations)


def _ungrouped(body: str) -> str:
    """Take out groups that say nothing: matplotlib writes one around every mark."""
    kept: list[bool] = []

    def keep(match: re.Match[str]) -> str:
        tag = match.group(0)
        if tag.endswith("/>"):
            return ""
        if tag == "</g>":
            return tag if kept.pop() else ""
        kept.append(tag != "<g>")
        return tag if kept[-1] else ""

    return _GROUP.sub(keep, body)


def _own_ids(body: str, prefix: str) -> str:
    used = set(_USED.findall(body))

    def keep(match: re.Match[str]) -> str:
        return f' id="{prefix}-{match.group(1)}"' if match.group(1) in used else ""

    body = _ID.sub(keep, body)
    return _USED.sub(lambda match: match.group(0).replace("#", f"#{prefix}-", 1), body)
