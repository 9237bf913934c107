"""Which time zone data this process uses: the newer of the system's and the `tzdata` package's.

`zoneinfo` asks the system first, and a system may be far behind: Debian 12 has data in which Morocco never
left UTC+1. Laws change with a few weeks' notice, so only the newest data at hand will do.
"""

import re
import zoneinfo
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tzdata

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

    def __str__(self) -> str:
        other = f"the system has {self.system}" if self.system else "the system's tells no version"
        source = f"the system (tzdata has {self.package})" if self.from_system else f"tzdata ({other})"
        return f"{self.version} from {source}"


@cache
def use_newest() -> ZoneData:
    """Make every `ZoneInfo` of this process come from the newest data at hand, libraries' included.

    What `PYTHONTZPATH` names counts as the system's. The first call decides for good: a zone's rules must not
    change while a process calculates with them.
    """
    chosen = ZoneData(_system_version(), tzdata.IANA_VERSION)
    if not chosen.from_system:
        # Without any folder `zoneinfo` goes to the package; its cache would keep the old rules.
        zoneinfo.reset_tzpath(to=())
        zoneinfo.ZoneInfo.clear_cache()
    return chosen


def _system_version() -> str:
    """The release of the first folder that holds any data, the one that `zoneinfo` reads; else empty."""
    # A newer one behind it does not help, as `zoneinfo` never gets there.
    folder = next(
        (path for path in map(Path, zoneinfo.TZPATH) if path.is_dir() and any(path.iterdir())), None
    )
    for file in (folder / name for name in _VERSION_FILES) if folder else ():
        with suppress(OSError), file.open(encoding="ascii", errors="replace") as opened:
            if found := _RELEASE.fullmatch(opened.readline(80).strip()):
                return found[1]
    return ""
