"""The one family of errors that a user meets: what happened, where, what exists, what to do.

Standard library only and light: the logger imports this file inside somebody's training.
"""

from __future__ import annotations


class ReportgenError(Exception):
    """Something is wrong with the input, the configuration or the system, and we can say what to do.

    Args:
        what: What happened, with the offending value.
        where: File, line, address or option that it happened in.
        found: What exists instead ("found 'a', 'b'").
        do: What the user can do about it.
    """

    slug = "error"
    """Stable name; ``reportgen explain SLUG`` prints the paragraph for it."""

    def __init__(self, what: str, *, where: str = "", found: str = "", do: str = "") -> None:
        """Keep the parts, so that a caller may show them separately."""
        self.what, self.where, self.found, self.do = what, where, found, do
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The whole message on one line: ``where: what; found. do``."""
        head = f"{self.where}: {self.what}" if self.where else self.what
        if self.found:
            head = f"{head}; {self.found}"
        if not self.do:
            return head
        return f"{head}. {self.do}" if head[-1:] not in ".!?" else f"{head} {self.do}"


class UsageError(ReportgenError):
    """The command line's words do not fit together (exit code 2)."""

    slug = "usage"


class ConfigError(ReportgenError):
    """``reportgen.toml`` has mistakes; all of them are in the message, a line each."""

    slug = "config"


class AddressError(ReportgenError):
    """An address leads nowhere, or to something that holds no runs."""

    slug = "address"


class NothingToReportError(ReportgenError):
    """There are no runs to report on after reading and filtering."""

    slug = "nothing-to-report"


class UnknownRunError(ReportgenError):
    """A run was named that is not among those read, or a short name fits several."""

    slug = "unknown-run"


class UnknownMetricError(ReportgenError):
    """A metric was named that no run has."""

    slug = "unknown-metric"


class BaselineError(ReportgenError):
    """The baseline must match exactly one configuration; it matched none or several."""

    slug = "baseline"


class FilterError(ReportgenError):
    """A ``--where``, ``--since`` or ``--exclude`` cannot be understood or applied."""

    slug = "filter"


class TemplateError(ReportgenError):
    """A template or theme is missing, or a user's own has a mistake."""

    slug = "template"


class RenderError(ReportgenError):
    """One output could not be made; the others are still written."""

    slug = "render"


class MissingLibraryError(RenderError):
    """A library or system package that one output needs is not installed."""

    slug = "missing-library"


class MissingFrameworkError(ReportgenError, ImportError):
    """A training framework that an integration was imported for is not installed, or does not load."""

    slug = "missing-framework"


class OutputError(RenderError):
    """An output file could not be written: no permission, disk full, or open elsewhere."""

    slug = "output"


class VerificationError(UsageError):
    """A file cannot be held against the runs: it is no report of ours, or its runs or settings are not here."""

    slug = "verification"


class DeliveryError(ReportgenError):
    """An output could not be brought to its readers."""

    slug = "delivery"


class ScheduleError(DeliveryError):
    """A clock could not be installed, or a schedule cannot be followed."""

    slug = "schedule"


class SignInError(DeliveryError):
    """A mail server or Google did not let us in, or there is no login: nothing was sent or written."""

    slug = "sign-in"


class ArchiveError(DeliveryError):
    """An issue is there already, was sent already, or is not as it was archived."""

    slug = "archive"


class SheetError(DeliveryError):
    """The shared spreadsheet could not be read or written."""

    slug = "sheet"


class SheetEditedError(SheetError):
    """Somebody changed cells that the report would write over, and ``--keep-edits`` was given."""

    slug = "sheet-edited"


class LoggingError(ReportgenError, ValueError):
    """A call of the logger was wrong in itself: a name, a value or a type that cannot be logged."""

    slug = "logging"


class RunStorageError(ReportgenError, OSError):
    """The logger could not write to the run folder (raised with ``strict=True`` only)."""

    slug = "run-storage"
