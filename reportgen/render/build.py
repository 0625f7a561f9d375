"""All outputs of one report: each whole or not at all, one's trouble never another's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from reportgen.config import ThemeConfig
from reportgen.document import Report
from reportgen.errors import OutputError, RenderError, ReportgenError
from reportgen.language import speaking
from reportgen.outputs import FailedOutput, Output, Outputs
from reportgen.render.files import make_folder, write_whole
from reportgen.render.interface import Renderer
from reportgen.render.registry import find_renderer
from reportgen.render.theme import Theme, load_theme

Progress = Callable[[str], None]
"""Called with the format's name before each output is made."""


def render_outputs(
    report: Report,
    formats: Sequence[str],
    directory: Path,
    theme: ThemeConfig,
    *,
    progress: Progress | None = None,
) -> Outputs:
    """Write one file a format into *directory*, which is made if it is not there.

    A format that fails leaves nothing at its place, not even an earlier build's file; the others are
    made all the same.

    Raises:
        TemplateError: The theme itself is wrong: no output could be right.
    """
    look = load_theme(theme)
    with speaking(report.meta.language):
        return _render_each(report, formats, directory, look, progress)


def _render_each(
    report: Report, formats: Sequence[str], directory: Path, look: Theme, progress: Progress | None
) -> Outputs:
    made: list[Output] = []
    failed: list[FailedOutput] = []
    for name in dict.fromkeys(formats):
        if progress:
            progress(name)
        try:
            renderer = find_renderer(name)
        except RenderError as error:
            failed.append(FailedOutput(name, directory / report.meta.slug, error))
            continue
        path = directory / f"{report.meta.slug}{renderer.suffix}"
        try:
            warnings = _write(renderer, report, look, path)
        except ReportgenError as error:
            failed.append(FailedOutput(name, path, _with_leftover(error, path)))
        else:
            made.append(Output(name, path, warnings))
    if report.meta.attach:
        _attach(made)
    return Outputs(tuple(made), tuple(failed))


def _attach(made: list[Output]) -> None:
    """Put the other outputs that were made into the PDF, where there is one."""
    from reportgen.render.pdf.attach import attach_files, attachable

    pdf = next((output.path for output in made if output.format == "pdf"), None)
    files = {output.format: output.path for output in made if attachable(output.format)}
    if pdf is not None and files:
        write_whole(pdf, lambda temporary: attach_files(pdf, files, temporary))


def _write(renderer: Renderer, report: Report, theme: Theme, path: Path) -> tuple[str, ...]:
    warnings: list[str] = []
    make_folder(path.parent)
    try:
        write_whole(path, lambda temporary: warnings.extend(renderer.render(report, theme, temporary)))
    except ReportgenError:
        raise
    except Exception as error:
        raise RenderError(
            f"could not be made ({type(error).__name__}: {error})",
            where=str(path),
            do="This is a fault in reportgen or in an extension of it: please report it. "
            "The other outputs are made all the same.",
        ) from error
    return tuple(warnings)


def _with_leftover(error: ReportgenError, path: Path) -> ReportgenError:
    """Say so where an earlier build's file could not be removed: it must not pass for the new one."""
    if not path.is_file():
        return error
    return OutputError(
        f"{error.what}; the file there is from an earlier build and could not be removed",
        where=error.where or str(path),
        found=error.found,
        do=error.do,
    )
