"""Seeds of the random number generators that a training may draw from."""

from __future__ import annotations

import operator
import sys

from reportgen.errors import LoggingError

_LARGEST_SEED = 2**32 - 1
"""NumPy's old generator takes no larger one."""


def set_seeds(number: object) -> int:
    """Seed Python's ``random``, and NumPy and Torch if the program has loaded them.

    Returns:
        The seed as a plain whole number.

    Raises:
        LoggingError: It is no whole number from 0 to 2**32 - 1.
    """
    try:
        seed = -1 if isinstance(number, bool) else operator.index(number)  # type: ignore[arg-type]  # asked here
    except TypeError:
        seed = -1
    if not 0 <= seed <= _LARGEST_SEED:
        raise LoggingError(
            f"{number!r} is no seed", where="seed", do=f"Give a whole number from 0 to {_LARGEST_SEED}."
        )
    import random

    random.seed(seed)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(seed)  # of all its devices
    return seed
