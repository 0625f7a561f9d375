"""Where templates lie: the user's folder first, then the package's, then the checkout's."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from reportgen.errors import TemplateError


def builtin_templates() -> Path:
    """Give the folder of the shipped templates.

    A wheel carries them inside the package; in a checkout (an editable install too, where a copy in
    site-packages would go stale) they lie beside it.

    Raises:
        TemplateError: Neither is there: the installation is broken.
    """
    package = Path(str(files("reportgen")))
    for folder in (package / "_templates", package.parent / "templates"):
        if (folder / "theme.toml").is_file():
            return folder
    raise TemplateError(
        "the shipped templates are missing", where=str(package), do="Install reportgen-ml again."
    )


def template_folders(own: Path | None) -> tuple[Path, ...]:
    """Give the folders to look in, in order."""
    builtin = builtin_templates()
    return (own, builtin) if own else (builtin,)


def template_file(name: str, own: Path | None) -> Path:
    """Find one template file.

    Raises:
        TemplateError: No folder has it.
    """
    folders = template_folders(own)
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    raise TemplateError(f"no template {name!r}", found=f"looked in {', '.join(str(f) for f in folders)}")
