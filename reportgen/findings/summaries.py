"""Which of its values stands for a run, as the configuration writes it."""

from __future__ import annotations

import re

LAST_MEAN = re.compile(r"mean of last ([1-9][0-9]*)")
AT_BEST = re.compile(r"at best (.+)")
