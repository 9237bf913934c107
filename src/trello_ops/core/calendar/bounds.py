"""The days that the program deals with: whatever a person or a file names lies between them.

They leave room for every step that is computed from a day (a release before it, the week after it, another
time zone), where Python's own calendar ends at the year 9999.
"""

import datetime as dt
from typing import Final

FIRST_DATE: Final = dt.date(1970, 1, 1)
LAST_DATE: Final = dt.date(2199, 12, 31)
