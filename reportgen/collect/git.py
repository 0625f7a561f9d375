"""Facts about the code: which commit, which branch, and what was changed since."""

from __future__ import annotations

import os

from reportgen.schema import CODE_DIFF_FILE, without_credentials

MAX_DIFF_BYTES = 2**20
"""``code.diff`` is cut after this many bytes, at the end of a line; ``run.csv`` says so."""

_TIME_LIMIT_S = 3.0


def code_facts(directory: str, entry_directory: str) -> dict[str, object]:
    """Ask git about the folder of the script, and keep what was changed since the commit.

    The three questions are put at once.

    Args:
        directory: The run folder, which gets ``code.diff``; nothing is kept where it is empty.
        entry_directory: A folder of the code.

    Returns:
        ``commit``, ``branch``, ``remote``, ``dirty``, ``diff_sha256``, and for a change that is kept
        ``diff_file``, ``diff_bytes``, ``diff_kept_bytes`` and ``diff_cap_bytes``. Empty where there is no
        repository or no git.

    Raises:
        OSError: Git cannot be started, or the file not be written.
    """
    head = Question(entry_directory, "rev-parse", "HEAD", "--abbrev-ref", "HEAD")
    change = Question(
        entry_directory,
        "diff",
        "HEAD",
        "--no-relative",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "--binary",
    )
    remotes = Question(entry_directory, "config", "--get-regexp", r"^remote\..*\.url$")
    head_answer, diff, remote_answer = head.answer(), change.answer(), remotes.answer()
    lines = head_answer[0].decode("utf-8", "replace").splitlines() if head_answer else []
    if len(lines) != 2:
        return {}
    commit, branch = lines
    facts: dict[str, object] = {"commit": commit, "branch": None if branch == "HEAD" else branch}
    if remote_answer:
        facts["remote"] = _remote(remote_answer[0].decode("utf-8", "replace"))
    if diff is None:
        return facts
    kept, size, digest = diff
    facts.update(dirty=size > 0, diff_sha256=digest if size else None)
    if size and directory:
        if size > len(kept):
            kept = kept[: kept.rfind(b"\n") + 1]
        facts.update(
            diff_file=_write_diff(directory, kept),
            diff_bytes=size,
            diff_kept_bytes=len(kept),
            diff_cap_bytes=MAX_DIFF_BYTES,
        )
    return facts


class Question:
    """A question to git, which answers while others are put.

    Args:
        directory: Where it is asked.
        words: Git's command.
    """

    def __init__(self, directory: str, *words: str) -> None:
        import subprocess
        import threading

        command = ["git", "-C", directory, "-c", "core.quotepath=off", *words]
        quiet = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
        self._process = subprocess.Popen(  # noqa: S603 - git with fixed words; only the folder varies
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=quiet
        )
        self._limit = threading.Timer(_TIME_LIMIT_S, self._process.kill)
        self._limit.start()

    def answer(self) -> tuple[bytes, int, str] | None:
        """Give the first bytes of the answer, their whole number and SHA-256, or None if git failed."""
        import hashlib

        digest, kept, size = hashlib.sha256(), b"", 0
        with self._process as process:
            try:
                while process.stdout and (block := process.stdout.read(1 << 16)):
                    digest.update(block)
                    kept += block[: MAX_DIFF_BYTES - len(kept)]
                    size += len(block)
            finally:
                process.wait()
                self._limit.cancel()
                self._limit.join()
        return (kept, size, digest.hexdigest()) if process.returncode == 0 else None


def _remote(lines: str) -> str:
    """Give the address that the code came from, without credentials: that of ``origin``, else the first."""
    urls = {name: url for name, _, url in (line.partition(" ") for line in lines.splitlines())}
    url = urls.get("remote.origin.url") or next(iter(urls.values()), "")
    if "://" in url:
        return without_credentials(url)
    user, at, rest = url.partition("@")  # as in git@host:group/project.git
    return rest if at and user != "git" else url


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
