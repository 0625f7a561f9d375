"""Facts about the code: which commit, which branch, and what was changed since."""

from __future__ import annotations

import os

from reportgen.schema import CODE_DIFF_FILE

MAX_DIFF_BYTES = 2**20
"""``code.diff`` is cut after this many bytes, at the end of a line; ``run.csv`` says so."""

_TIME_LIMIT_S = 3.0


def code_facts(directory: str, entry_directory: str) -> dict[str, object]:
    """Ask git about the folder of the script, and keep what was changed since the commit.

    Args:
        directory: The run folder, which gets ``code.diff``.
        entry_directory: A folder of the code.

    Returns:
        ``commit``, ``branch``, ``dirty``, ``diff_sha256``, and for a change ``diff_file``,
        ``diff_bytes``, ``diff_kept_bytes`` and ``diff_cap_bytes``. Empty where there is no
        repository or no git.

    Raises:
        OSError: Git cannot be started, or the file not be written.
    """
    answer = _ask_git(entry_directory, "rev-parse", "--show-toplevel", "HEAD", "--abbrev-ref", "HEAD")
    lines = answer[0].decode("utf-8", "replace").splitlines() if answer else []
    if len(lines) != 3:
        return {}
    root, commit, branch = lines
    facts: dict[str, object] = {"commit": commit, "branch": None if branch == "HEAD" else branch}
    diff = _ask_git(root, "diff", "HEAD", "--no-color", "--no-ext-diff", "--no-textconv", "--binary")
    if diff is None:
        return facts
    kept, size, digest = diff
    facts.update(dirty=size > 0, diff_sha256=digest if size else None)
    if size:
        if size > len(kept):
            kept = kept[: kept.rfind(b"\n") + 1]
        facts.update(
            diff_file=_write_diff(directory, kept),
            diff_bytes=size,
            diff_kept_bytes=len(kept),
            diff_cap_bytes=MAX_DIFF_BYTES,
        )
    return facts


def _ask_git(directory: str, *words: str) -> tuple[bytes, int, str] | None:
    """Run git; give the first bytes of its answer, their whole number and SHA-256, or None if it failed."""
    import hashlib
    import subprocess
    import threading

    command = ["git", "-C", directory, "-c", "core.quotepath=off", *words]
    quiet = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    digest, kept, size = hashlib.sha256(), b"", 0
    with subprocess.Popen(  # noqa: S603 - git with fixed words; only the folder varies
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=quiet
    ) as process:
        limit = threading.Timer(_TIME_LIMIT_S, process.kill)
        limit.start()
        try:
            while process.stdout and (block := process.stdout.read(1 << 16)):
                digest.update(block)
                kept += block[: MAX_DIFF_BYTES - len(kept)]
                size += len(block)
        finally:
            process.wait()
            limit.cancel()
            limit.join()
    return (kept, size, digest.hexdigest()) if process.returncode == 0 else None


def _write_diff(directory: str, diff: bytes) -> str:
    """Write the change to ``code.diff``, or for a resumed run to ``code-2.diff`` and so on."""
    stem, suffix = os.path.splitext(CODE_DIFF_FILE)
    number = 1
    while True:
        name = CODE_DIFF_FILE if number == 1 else f"{stem}-{number}{suffix}"
        try:
            with open(os.path.join(directory, name), "xb") as file:
                file.write(diff)
        except FileExistsError:
            number += 1
        else:
            return name
