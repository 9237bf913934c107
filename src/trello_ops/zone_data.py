"""Which time zone data this process uses: the newer of the system's and the `tzdata` package's.

`zoneinfo` asks the system first, and a system may be far behind: Debian 12 has data in which Morocco never
left UTC+1. Laws change with a few weeks' notice, so only the newest data at hand will do.
"""

import re
import zoneinfo
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tzdata

from trello_ops.messages import Message, say

_VERSION_FILES = ("tzdata.zi", "+VERSION")
"""Where a system's data tells its version: tzcode installs the first, macOS and the BSDs have the second."""

_RELEASE = re.compile(r"(?:# version )?(\d{4}[a-z]+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class ZoneData:
    """Versions are tz database releases such as `2026f`, which sort by age.

    `system` is empty where the system has no data, or data that does not tell its age.
    """

    system: str
    package: str

    @property
    def from_system(self) -> bool:
        """Whether the system's data is in use."""
        return self.system > self.package

    @property
    def version(self) -> str:
        """The release in use."""
        return max(self.system, self.package)

    def as_dict(self) -> dict[str, str]:
        """For `status --format json`; `source` is `system` or `package`."""
        source = "system" if self.from_system else "package"
        return {"version": self.version, "source": source, "system": self.system, "package": self.package}

    def __str__(self) -> str:
        return str(self.words)

    @property
    def words(self) -> Message:
        """Which release is in use, where it is from, and what else there is."""
        if self.from_system:
            return say("%(system)s from the system (tzdata has %(package)s)", **self._versions())
        if self.system:
            return say("%(package)s from tzdata (the system has %(system)s)", **self._versions())
        return say("%(package)s from tzdata (the system's tells no version)", package=self.package)

    def _versions(self) -> dict[str, str]:
        return {"system": self.system, "package": self.package}


@cache
def use_newest() -> ZoneData:
    """Make every `ZoneInfo` of this process come from the newest data at hand, libraries' included.

    What `PYTHONTZPATH` names counts as the system's. The first call decides for good: a zone's rules must not
    change while a process calculates with them.
    """
    by_folder = {folder: _version_of(Path(folder)) for folder in zoneinfo.TZPATH}
    newest = max(by_folder, key=by_folder.__getitem__, default="")
    chosen = ZoneData(by_folder.get(newest, ""), tzdata.IANA_VERSION)
    # `zoneinfo` searches zone by zone: any other folder would lend its old rules where this one lacks a zone.
    zoneinfo.reset_tzpath(to=(newest,) if chosen.from_system else ())
    zoneinfo.ZoneInfo.clear_cache()
    return chosen


def _version_of(folder: Path) -> str:
    """The release of a folder's data; empty where it has none, or does not tell."""
    titles = [_first_line(folder / name) for name in _VERSION_FILES]
    return next((found[1] for title in titles if (found := _RELEASE.fullmatch(title))), "")


def _first_line(file: Path) -> str:
    """Empty where there is no such file, or it may not be read: another user's folder is no error."""
    try:
        if not file.is_file():
            return ""
        with file.open(encoding="ascii", errors="replace") as opened:
            return opened.readline(80).strip()
    except OSError:
        return ""
