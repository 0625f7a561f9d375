"""What a run keeps besides numbers and words: which data it used, and the files that it made."""

from __future__ import annotations

import os

from reportgen.collect.rows import checked_name, checked_text
from reportgen.errors import LoggingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from reportgen.collect.append import RunFolder
    from reportgen.collect.rows import Fact

_HARD_LINK = "hardlink"


class Keeping:
    """The part of :class:`~reportgen.collect.Run` that logs data sets and artifacts.

    What it needs is imported at the first call: most runs log neither.
    """

    _folder: RunFolder

    def log_dataset(
        self,
        name: str,
        data: object = None,
        *,
        version: str | None = None,
        split: str | None = None,
        source: str | None = None,
        digest: bool = True,
    ) -> None:
        """Log which data the run used; two runs are compared only if they used the same.

        Args:
            name: Such as ``train``.
            data: A file, a folder or a pattern such as ``data/*.csv``; a table of pandas, Polars or
                PyArrow; an array of NumPy or Torch; a pointer of DVC (``train.csv.dvc``) or git-LFS; an
                address such as ``s3://bucket/train.csv?versionId=...`` or ``feast:stats@7``, which is
                noted and not read. Hash, size, rows, columns and their types are found out.
            version: Your own name of this state of the data; by default the one that an address or a
                pointer names.
            split: Such as ``train``, ``validation`` or ``test``, or how it was split.
            source: Where it comes from; by default *data* where that is a path or an address.
            digest: Whether to read files for their hash. That takes a second or two a gigabyte the first
                time; afterwards a file that has not changed is known.

        Raises:
            LoggingError: A bad name, a path to nothing, data of an unknown type, or the run is finished.
            RunStorageError: The data cannot be read or the row not be written; with ``strict=True`` only.
        """
        from reportgen.collect import datasets
        from reportgen.collect.secrets import without_secrets

        checked_name(name, "data set")
        given = {"version": version, "split": split, "source": source}
        facts = {key: without_secrets("", value) for key, value in given.items() if value is not None}
        self._wake_if_needed("log_dataset")
        if data is not None:
            log_directory = os.path.dirname(os.path.dirname(self._folder.directory))
            try:
                found = datasets.described(data, log_directory, name=name, digest=digest)
                facts = {**found, **facts}
            except OSError as error:
                if isinstance(data, (str, os.PathLike)):
                    facts.setdefault("source", without_secrets("", os.fspath(data)))
                self._folder.report_lost(error, f"the content of data set {name!r}")
        self.write_facts([("data", name, facts)])

    def log_artifact(
        self,
        path: str | os.PathLike[str],
        *,
        name: str | None = None,
        kind: str | None = None,
        copy: bool | str = True,
    ) -> None:
        """Copy a file or a folder into the run, or note where it is.

        Args:
            path: A file, a folder, or a URL (which is noted, not fetched).
            name: Its name in ``artifacts/``, also with folders as in ``models/best.pkl``; its own by default.
                Each name is for one content: in a loop give ``name=f"model-{epoch}.pkl"``.
            kind: What it is, such as ``model``, ``figure`` or ``predictions``.
            copy: True copies (without taking room where the file system can share blocks). False notes
                path, size and hash and leaves it where it is. ``"hardlink"`` links instead of copying where
                that is possible: only for files that nobody writes into any more.

        Raises:
            LoggingError: A bad name, one that other content has already, a path to nothing, or the run is
                finished.
            RunStorageError: It cannot be copied; with ``strict=True`` only.
        """
        from reportgen.collect import artifacts, names

        source = checked_text(os.fspath(path), "log_artifact path")
        if copy not in (True, False, _HARD_LINK):
            raise LoggingError(
                f"copy={copy!r}", where="log_artifact", found='known are True, False, "hardlink"'
            )
        is_url = artifacts.is_url(source)
        if name is None:
            name = artifacts.last_part(source)
        if is_url or copy is False:
            name = checked_name(name, "artifact")
        else:
            name = names.checked_file_name(name, "log_artifact")
        self._wake_if_needed("log_artifact")
        if is_url:
            self._log_kept(name, kind, lambda: artifacts.url_facts(source))
            return
        artifacts.must_exist(source)
        if copy is False:
            self._log_kept(name, kind, lambda: artifacts.reference_facts(source))
            return
        shelf = artifacts.Shelf(self._folder.directory)
        by_link = copy == _HARD_LINK
        self._log_kept(name, kind, lambda: shelf.keep(source, name, by_link=by_link))

    def log_figure(self, figure: Any, name: str, *, kind: str = "figure") -> None:
        """Keep a figure as a file: of Matplotlib and what builds on it, Plotly, Altair or Pillow.

        Args:
            figure: The figure.
            name: Its name in ``artifacts/``; the ending says the form. Without one it is ``.png``, of
                Plotly and Altair ``.html``.
            kind: What it is.

        Raises:
            LoggingError: It is no figure, the name is bad or taken, or the run is finished.
            RunStorageError: It cannot be drawn or written; with ``strict=True`` only.
        """
        from reportgen.collect import exhibits

        self._log_made(name, kind, lambda text: exhibits.figure_bytes(figure, text), "log_figure")

    def log_table(self, table: Any, name: str, *, kind: str = "table") -> None:
        """Keep a table as a file: of pandas, Polars or PyArrow, a dict of lists or a list of dicts.

        Args:
            table: The table. A pandas index is written unless it is unnamed row numbers.
            name: Its name in ``artifacts/``, ending with ``.csv`` (the default) or ``.parquet``.
            kind: What it is.

        Raises:
            LoggingError: It is no table, the name is bad or taken, or the run is finished.
            RunStorageError: It cannot be written; with ``strict=True`` only.
        """
        from reportgen.collect import exhibits

        self._log_made(name, kind, lambda text: exhibits.table_bytes(table, text), "log_table")

    def log_text(self, text: str, name: str, *, kind: str = "text") -> None:
        """Keep a text as a file in ``artifacts/``; without an ending its name gets ``.txt``.

        Raises:
            LoggingError: It is no text, the name is bad or taken, or the run is finished.
            RunStorageError: It cannot be written; with ``strict=True`` only.
        """
        from reportgen.collect.exhibits import with_suffix

        data = checked_text(text, "log_text").encode("utf-8", "surrogatepass")
        self._log_made(name, kind, lambda plain: (with_suffix(plain, ".txt"), data), "log_text")

    if TYPE_CHECKING:  # what the run has, which this is a part of

        def write_facts(self, facts: Iterable[Fact], *, at: float | None = None) -> None:
            """Write facts in one ``write``."""

        def _wake_if_needed(self, call: str) -> None: ...

    def _log_made(self, name: str, kind: str, make: Callable[[str], tuple[str, bytes]], call: str) -> None:
        from reportgen.collect import artifacts, names

        name = names.checked_file_name(name, call)
        self._wake_if_needed(call)
        try:
            name, data = make(name)
        except OSError as error:
            self._folder.report_lost(error, f"artifact {name!r}")
            return
        shelf = artifacts.Shelf(self._folder.directory)
        self._log_kept(name, kind, lambda: shelf.keep_bytes(data, name))

    def _log_kept(self, name: str, kind: str | None, keep: Callable[[], dict[str, object]]) -> None:
        checked_kind = None if kind is None else checked_text(kind, "artifact kind")
        try:
            facts = keep()
        except OSError as error:
            self._folder.report_lost(error, f"artifact {name!r}")
            return
        if checked_kind is not None:
            facts["kind"] = checked_kind
        self.write_facts([("artifact", name, facts)])
