"""How long a story takes articles in."""

from __future__ import annotations

import datetime as dt
from typing import Final

# A story whose last article is older takes no more in.
WINDOW: Final = dt.timedelta(days=4)
