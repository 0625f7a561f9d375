"""What a run keeps besides numbers and words: which data it used, and the files that it made."""

from __future__ import annotations

import os

from reportgen.collect.rows import checked_name, checked_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from reportgen.collect.append import RunFolder
    from reportgen.collect.rows import Fact


class Keeping:
    """The part of :class:`~reportgen.collect.Run` that logs data sets and artifacts.

    What it needs is imported at the first call: most runs log neither.
    """

    _folder: RunFolder

    def log_dataset(
        self,
        name: str,
        path_or_uri: str | os.PathLike[str] | None = None,
        *,
        version: str | None = None,
        split: str | None = None,
        source: str | None = None,
    ) -> None:
        """Log which data the run used; two runs are compared only if they used the same.

        Args:
            name: Such as ``train``.
            path_or_uri: A file (its size and SHA-256 are logged, and the rows of a small CSV), a folder
                or a URL (neither of which is read).
            version: Your own name of this state of the data.
            split: Such as ``train``, ``validation`` or ``test``, or how it was split.
            source: Where it comes from; *path_or_uri* by default.

        Raises:
            LoggingError: A bad name, a path to nothing, or the run is finished.
            RunStorageError: The file cannot be read or the row not be written; with ``strict=True`` only.
        """
        from reportgen.collect import content
        from reportgen.collect.secrets import without_secrets

        checked_name(name, "data set")
        given = {"version": version, "split": split, "source": source}
        facts = {key: without_secrets("", value) for key, value in given.items() if value is not None}
        if path_or_uri is not None:
            path = checked_text(os.fspath(path_or_uri), "log_dataset path_or_uri")
            try:
                facts = content.data_facts(path, facts)
            except OSError as error:
                self._folder.report_lost(error, f"the content of data set {name!r}")
        self.write_facts([("data", name, facts)])

    def log_artifact(
        self, path: str | os.PathLike[str], *, name: str | None = None, kind: str | None = None
    ) -> None:
        """Copy a file into the run's folder, or note a URL.

        Args:
            path: A file, or a URL (which is noted, not fetched).
            name: Its name in ``artifacts/``, also with folders as in ``models/best.pkl``; the file's own
                by default. A name that is there already gets a number: nothing is overwritten.
            kind: What it is, such as ``model``, ``figure`` or ``predictions``.

        Raises:
            LoggingError: A name that leads out of the folder, a path to nothing, or the run is finished.
            RunStorageError: The file cannot be copied; with ``strict=True`` only.
        """
        from reportgen.collect import content

        source = checked_text(os.fspath(path), "log_artifact path")
        name = content.checked_artifact_name(source, name)
        self._wake_if_needed("log_artifact")
        try:
            facts = content.artifact_facts(self._folder.directory, source, name)
        except OSError as error:
            self._folder.report_lost(error, f"artifact {name!r}")
            return
        if kind is not None:
            facts["kind"] = checked_text(kind, "log_artifact kind")
        self.write_facts([("artifact", name, facts)])

    def write_facts(self, facts: Iterable[Fact], *, at: float | None = None) -> None:
        """Write facts in one ``write``; the run does it."""
        raise NotImplementedError

    def _wake_if_needed(self, call: str) -> None:
        """Deal with a call on a run that is finished or forked; the run does it."""
        raise NotImplementedError
