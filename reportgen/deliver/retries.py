"""How long to wait before the next try: the same steps for a mail and for an issue as a whole."""

from __future__ import annotations

_WAITS_S = (60.0, 300.0, 900.0, 3600.0)
"""After the first try, the second, and so on; the last one again and again."""
_JITTER = 0.2
LONGEST_WAIT_S = _WAITS_S[-1] * (1.0 + _JITTER)
"""A try that is set for later than this was set by a clock that was ahead."""


def wait_s(attempts: int, share: float) -> float:
    """Give the seconds until the next try, not the same for all that failed together.

    Args:
        attempts: How often it was tried, at least 1.
        share: Of the jitter, from -1 to 1.
    """
    return _WAITS_S[min(max(attempts, 1), len(_WAITS_S)) - 1] * (1.0 + _JITTER * share)
