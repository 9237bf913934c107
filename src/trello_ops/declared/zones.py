"""Time zones that people name otherwise, and those that know no summer time."""

import re
from zoneinfo import ZoneInfo, available_timezones

from trello_ops.declared.findings import Findings
from trello_ops.located_yaml import Document, Path
from trello_ops.messages import say
from trello_ops.suggestions import folded
from trello_ops.wording import near

_PLACES = {
    "America/New_York": "est, edt, et, eastern, us/eastern, est5edt",
    "America/Chicago": "cst, cdt, ct, central",
    "America/Denver": "mst, mdt, mt, mountain",
    "America/Los_Angeles": "pst, pdt, pt, pacific",
    "Europe/London": "gmt, bst, gb, uk, greenwich, gmt0, gmt+0, gmt-0, etc/gmt, etc/gmt0, etc/gmt+0, "
    "etc/gmt-0, etc/greenwich, angleterre, royaume-uni",
    "Europe/Paris": "cet, cest, met, mest, france, heure de paris",
    "Europe/Brussels": "belgique, bruxelles, belgium",
    "Europe/Zurich": "suisse, geneve, switzerland",
    "Europe/Lisbon": "wet, west",
    "Europe/Athens": "eet, eest",
    "Africa/Casablanca": "maroc, morocco, rabat, marrakech",
    "Africa/Algiers": "algerie, alger, algeria",
    "Africa/Tunis": "tunisie, tunisia",
    "America/Toronto": "montreal, quebec, ottawa",
    "UTC": "utc, z, zulu, utc+0, utc0",
}
_BY_SAID = {folded(said): place for place, names in _PLACES.items() for said in names.split(",")}
_FIXED = re.compile(r"(?:Etc/)?(?:GMT(?:[+-]?\d+)?|Greenwich)|EST|MST")
"""Zones whose names look as if they were somewhere, and whose clocks never change."""


def near_zone(name: str) -> str:
    """A question that suggests the zone of a place, an abbreviation or a misspelt name; or nothing."""
    # Never one without summer time, which people do not mean.
    places = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
    said = folded(name)
    place = _BY_SAID.get(said)
    if not place:
        cities = (zone for zone in places if folded(zone.rpartition("/")[2]) == said.rpartition("/")[2])
        place = next(cities, None)
    # An offset such as `UTC+1` is near to other offsets alone, which would be wrong.
    return near(place or name, [place] if place else places) if place or not re.search(r"\d", name) else ""


def warn_of_zone(zone: ZoneInfo | None, path: Path, document: Document, findings: Findings) -> None:
    """Add a warning about a zone whose clocks never change though people may think so."""
    if zone is None or not _FIXED.fullmatch(zone.key):
        return
    message = say(
        "`%(zone)s` has no summer time: where the clocks change, write the place, such as `%(place)s`",
        zone=zone.key,
        place=_BY_SAID.get(folded(zone.key), "Europe/Paris"),
    )
    findings.warnings.append(document.problem(path, message))
