"""Small files that stand for large ones: what DVC and git-LFS keep in a repository."""

from __future__ import annotations

import os
import re

_LFS_HEAD = b"version https://git-lfs.github.com/spec/"
_MAX_POINTER_BYTES = 1 << 16
_LFS = re.compile(r"^oid sha256:([0-9a-f]{64})$.*?^size (\d+)$", re.MULTILINE | re.DOTALL)
_DVC_FIELD = re.compile(r"^(\s*)(- +)?([a-z_0-9]+): *['\"]?(.*?)['\"]?\s*$")
_DVC_HASHES = ("md5", "etag", "checksum")


def pointer_facts(path: str) -> dict[str, object] | None:
    """Give what a pointer file tells of the data it stands for; None if it is none.

    Returns:
        Of git-LFS ``sha256`` and ``bytes``; of DVC ``md5`` (or ``etag``, ``checksum``), ``bytes`` and,
        for folders, ``files``; always ``kind`` and ``pointer``.

    Raises:
        OSError: The file cannot be read.
    """
    if os.path.getsize(path) > _MAX_POINTER_BYTES:
        return None
    is_dvc = path.endswith(".dvc")
    with open(path, "rb") as file:
        head = file.read(len(_LFS_HEAD))
        if not is_dvc and head != _LFS_HEAD:
            return None
        text = (head + file.read(_MAX_POINTER_BYTES)).decode("utf-8", "replace")
    if is_dvc:
        return _dvc_facts(text)
    match = _LFS.search(text)
    if match is None:
        return None
    return {"kind": "file", "pointer": "git-lfs", "sha256": match[1], "bytes": int(match[2])}


def _dvc_facts(text: str) -> dict[str, object] | None:
    """Read the outputs of a ``.dvc`` file: simple YAML of the form ``outs:``, ``- md5: ...``."""
    outs = _dvc_outs(text)
    if not outs or not all(any(name in out for name in _DVC_HASHES) for out in outs):
        return None
    facts: dict[str, object] = {"kind": "file", "pointer": "dvc"}
    first = next(name for name in _DVC_HASHES if name in outs[0])
    # several outputs in one file are rare: their hashes together name the state
    facts[first] = " ".join(str(out[name]) for out in outs for name in _DVC_HASHES if name in out)
    if any(out.get("md5", "").endswith(".dir") or "nfiles" in out for out in outs) or len(outs) > 1:
        facts["kind"] = "folder"
        facts["files"] = sum(int(out.get("nfiles", 1)) for out in outs)
    sizes = [out.get("size", "") for out in outs]
    if all(size.isdecimal() for size in sizes):
        facts["bytes"] = sum(map(int, sizes))
    return facts


def _dvc_outs(text: str) -> list[dict[str, str]]:
    outs: list[dict[str, str]] = []
    is_inside = False
    for line in text.splitlines():
        if re.match(r"[a-z_0-9]+:", line):
            is_inside = line.startswith("outs:")
            continue
        match = _DVC_FIELD.match(line) if is_inside else None
        if match is None:
            continue
        if match[2]:
            outs.append({})
        if outs:
            outs[-1].setdefault(match[3], match[4])
    return outs
