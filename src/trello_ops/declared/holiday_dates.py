"""The dates of holidays, by the `holidays` library. It is loaded only where holidays are declared."""

import datetime as dt
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from trello_ops.core.days_off import Holiday, HolidaySource
from trello_ops.core.declaration import InForce
from trello_ops.core.declared import Workspace
from trello_ops.messages import say
from trello_ops.suggestions import folded, nearest
from trello_ops.wording import choose, shown

if TYPE_CHECKING:
    from holidays import HolidayBase

YEARS: Final = range(2000, 2101)
"""The years whose holidays are known: a few milliseconds for each country. The library ends there too."""

_FRENCH_NAMES = {
    "MA": "Maroc",
    "DZ": "Algérie",
    "TN": "Tunisie",
    "BE": "Belgique",
    "CH": "Suisse",
    "ES": "Espagne",
    "IT": "Italie",
    "DE": "Allemagne",
    "GB": "Royaume-Uni",
    "US": "États-Unis",
    "SN": "Sénégal",
    "CI": "Côte d’Ivoire",
    "CM": "Cameroun",
    "EG": "Égypte",
    "NL": "Pays-Bas",
}
"""Countries whose French names are far from the English ones, which the library knows."""


def with_dates(workspace: Workspace) -> Workspace:
    """The workspace, knowing the dates of its declared holidays in its language."""
    sources = workspace.holidays.sources
    if not sources:
        return workspace
    return replace(workspace, holidays=replace(workspace.holidays, known=_known(sources, workspace.locale)))


def dated(in_force: InForce | None) -> InForce | None:
    """A declaration as it was in the store, with the dates of its holidays, which the store does not keep."""
    if in_force is None:
        return None
    declaration = in_force.declaration
    found = replace(declaration, workspace=with_dates(declaration.workspace))
    return replace(in_force, declaration=found)


@lru_cache(maxsize=100)
def _known(sources: tuple[HolidaySource, ...], language: str) -> dict[dt.date, Holiday]:
    """The holidays of several sources; one day may have several names."""
    found: dict[dt.date, dict[str, bool]] = {}
    for source in sources:
        for day, name, estimated in _of(source, language):
            names = found.setdefault(day, {})
            names[name] = names.get(name, True) and estimated
    return {day: Holiday(", ".join(names), all(names.values())) for day, names in sorted(found.items())}


def _of(source: HolidaySource, language: str) -> Iterator[tuple[dt.date, str, bool]]:
    """Each holiday of a source: its day, its name, and whether its date is an estimate."""
    entity = _entity(source, language, YEARS)
    marks = _marks(entity)
    for day in entity:
        # One by one: the library joins several of a day, and only some may be estimates.
        for name in entity.get_list(day):
            found = next((mark for mark in marks if mark.before in name and mark.after in name), None)
            yield day, found.off(name) if found else name, found is not None


def _entity(source: HolidaySource, language: str, years: range) -> "HolidayBase":
    import holidays

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of years that it does not know in full: see `ends_in`
        return holidays.country_holidays(
            source.country,
            subdiv=source.subdivision or None,
            years=years,
            expand=False,  # else it would add the year of any day that it is asked about
            language=_language(source.country, language),
            categories=source.categories,
        )


def _language(country: str, wanted: str) -> str | None:
    """The exact language, else one of the same prefix, else `en_US`, else the country's own.

    Never left to the library where there is any: it would take the environment's.
    """
    own, offered = _class(country).default_language, _class(country).supported_languages
    alike = sorted(
        (each for each in offered if each.partition("_")[0] == wanted), key=lambda each: each != own
    )
    return next((each for each in (wanted, *alike, "en_US") if each in offered), own)


class _Mark(NamedTuple):
    """What the library writes around the name of a holiday whose date is an estimate."""

    before: str
    after: str
    instead: str

    def off(self, name: str) -> str:
        """A name without the mark."""
        return self.instead % name.removeprefix(self.before).removesuffix(self.after)


def _marks(entity: "HolidayBase") -> list[_Mark]:
    def told(label: str) -> str:
        text: str = getattr(entity, label, "")
        return str(entity.tr(text)) if text else ""  # of an empty text it makes its catalogue's head

    labels = {told("estimated_label"): "%s", told("observed_estimated_label"): told("observed_label")}
    return [
        _Mark(before, after, instead or "%s")
        for label, instead in labels.items()
        if label and (before := label.partition("%s")[0]) + (after := label.partition("%s")[2])
    ]


# ---- What the library does not know -----------------------------------------------------------------


def flaw(source: HolidaySource) -> tuple[str, str] | None:
    """The field of a source that the library does not know, and what to write instead."""
    if source.country not in _countries():
        return "country", say(
            "there are no holidays for `%(country)s`: %(advice)s",
            country=shown(source.country),
            advice=_near_country(source.country)
            or say("write the country's code of two letters, such as `MA`"),
        )
    known = _class(source.country)
    named = (*known.subdivisions, *known.subdivisions_aliases)
    if source.subdivision and source.subdivision not in named:
        return "subdivision", say(
            "`%(country)s` has no subdivision `%(name)s`: %(advice)s",
            country=source.country,
            name=shown(source.subdivision),
            advice=choose(source.subdivision, named) if named else say("leave the line out"),
        )
    for category in source.categories:
        if category not in known.supported_categories:
            return "categories", say(
                "`%(country)s` has no holidays of the kind `%(name)s`: %(advice)s",
                country=source.country,
                name=shown(category),
                advice=choose(category, known.supported_categories),
            )
    return None


def is_known_in_full(source: HolidaySource, year: int) -> bool:
    """Whether the library knows all holidays of a year: of some lunar calendars it has few years."""
    import holidays

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = holidays.country_holidays(
            source.country, subdiv=source.subdivision or None, years=year, categories=source.categories
        )
    return bool(found) and not told


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, str]:
    """The countries by their code of two letters, each with its English name."""
    from holidays.registry import COUNTRIES

    return {code: name.replace("_", " ") for name, (_, code, *_others) in COUNTRIES.items()}


def _class(country: str) -> "type[HolidayBase]":
    import holidays

    found: type[HolidayBase] = getattr(holidays, country)
    return found


def _near_country(said: str) -> str:
    """A question that suggests the country of a name or another code."""
    from holidays.registry import COUNTRIES

    codes = {folded(other): code for _, code, *others in COUNTRIES.values() for other in (code, *others)}
    names = {name: code for code, name in (*_countries().items(), *_FRENCH_NAMES.items())}
    meant = codes.get(folded(said)) or names.get(nearest(said, names) or "")
    return say("did you mean `%(name)s`?", name=meant) if meant else ""
