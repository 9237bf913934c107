"""What comes as its readers get it: text, page, calendar file."""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest
from agenda_kit import LOOKED_AT, SHOP, WEEK
from html_page import Page
from icalendar import Calendar

from trello_ops.core.calendar.agenda import Agenda, Recorded, agenda
from trello_ops.core.ledger import EventKind, EventSource, IssuedCard, LedgerEntry, LedgerEvent
from trello_ops.render.calendar_html import html
from trello_ops.render.calendar_ics import ics
from trello_ops.render.calendar_text import WIDTH, text
from trello_ops.render.i18n import Translator

FRENCH, ENGLISH = Translator("fr"), Translator("en")
HOSTILE = "\x1b[31m<b>x</b>\r\nEND:VEVENT\u202e; a, b\\ 'q'"


@pytest.fixture
def week() -> Agenda:
    return agenda(SHOP, WEEK, LOOKED_AT)


def issued(*happened: EventKind, url: str = "https://trello.com/c/1") -> Agenda:
    """The week where Wednesday's task, moved to Tuesday, has its card; what happened did so hour by hour."""
    planned = agenda(SHOP, WEEK, LOOKED_AT)
    (one,) = (e.occurrence for e in planned.entries if e.occurrence.key.task == "returns")
    at = dt.datetime(2027, 3, 8, 6, 0, tzinfo=dt.UTC)
    card = IssuedCard("c1", url, at, at)
    events = tuple(
        LedgerEvent(one.key, kind, at + dt.timedelta(hours=hours), EventSource.TICK)
        for hours, kind in enumerate(happened, 1)
    )
    entry = LedgerEntry(one, at, card=card, events=events)
    return agenda(SHOP, WEEK, LOOKED_AT, recorded=Recorded((entry,)))


def hostile() -> Agenda:
    boards = tuple(
        replace(
            board,
            title=board.title + HOSTILE,
            tasks=tuple(replace(task, title=task.title + HOSTILE) for task in board.tasks),
        )
        for board in SHOP.boards
    )
    people = tuple(replace(person, name=person.name + HOSTILE) for person in SHOP.people)
    return agenda(replace(SHOP, name=HOSTILE, boards=boards, people=people), WEEK, LOOKED_AT)


# ---- text -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_week_as_text(week: Agenda, language: str) -> None:
    golden = Path(__file__).with_name(f"calendar.{language}.txt")
    assert text(week, Translator(language)) == golden.read_text("utf-8")


def test_what_its_day_tells_is_not_repeated_at_each_task(week: Agenda) -> None:
    said = text(week, FRENCH)
    assert said.count("Aïd al-Fitr, 2e jour") == 2  # worth a thought, and its day
    assert "férié" not in said.split("mercredi 10 mars")[1]


def test_no_line_is_wider_than_its_hundred_columns(week: Agenda) -> None:
    long = replace(
        SHOP,
        boards=tuple(
            replace(b, title="Tableau " * 9, tasks=tuple(replace(t, title="a" * 300) for t in b.tasks))
            for b in SHOP.boards
        ),
        people=tuple(replace(p, name="Prénom Nom " * 8) for p in SHOP.people),
    )
    for found in (agenda(long, WEEK, LOOKED_AT), hostile()):
        assert max(map(len, text(found, FRENCH).splitlines())) <= WIDTH
    assert text(week, FRENCH) == text(week, FRENCH)


def test_a_wide_character_takes_two_columns(week: Agenda) -> None:
    boards = (replace(SHOP.boards[0], tasks=(replace(SHOP.boards[0].tasks[0], title="包裹" * 60),)),)
    lines = text(agenda(replace(SHOP, boards=boards), WEEK, LOOKED_AT), FRENCH).splitlines()
    assert max(len(line) + line.count("包") + line.count("裹") for line in lines) <= WIDTH


def test_a_week_without_anything_says_so() -> None:
    empty = agenda(replace(SHOP, boards=()), replace(WEEK, last=dt.date(2027, 4, 4)), LOOKED_AT)
    said = text(empty, FRENCH)
    assert said.count("Rien n’est prévu.") == 3
    assert "Aïd al-Fitr (date estimée)" in said


# ---- the page ---------------------------------------------------------------------------------------


def test_the_page_shows_each_day_with_what_is_on_it(week: Agenda) -> None:
    page = Page(html(week, FRENCH))
    assert page.all("html")[0].attributes["lang"] == "fr"
    assert page.texts("h1") == ["Calendrier, 8–14 mars 2027"]
    assert page.texts("h2")[1:] == ["Semaine 10 · 8–14 mars 2027"]
    assert page.texts("h3")[:3] == ["lundi 8 mars", "mardi 9 mars", "mercredi 10 mars"]
    assert page.texts("p", "off") == ["Aïd al-Fitr (date estimée)", "Aïd al-Fitr, 2e jour (date estimée)"]
    assert len(page.all("li", "skipped")) == 3
    assert "déplacé du mer. 10 mars – férié\u00a0: Aïd al-Fitr".replace("\u00a0", " ") in page.texts(
        "span", "note"
    )


def test_the_page_loads_and_runs_nothing(week: Agenda) -> None:
    said = html(week, FRENCH)
    assert not re.search(r"<script|<link|src=|@import|url\(", said)


def test_a_card_is_linked_and_only_where_the_web_has_it() -> None:
    assert [a.attributes["href"] for a in Page(html(issued(), FRENCH)).all("a")] == ["https://trello.com/c/1"]
    assert Page(html(issued(url="javascript:alert(1)"), FRENCH)).all("a") == []


def test_text_and_page_obey_nothing_that_people_wrote() -> None:
    obeyed = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e]")
    found = hostile()
    for said in (text(found, FRENCH), html(found, FRENCH)):
        assert not obeyed.search(said)
        assert "[31m" in said
    assert Page(html(found, FRENCH)).all("b") == []


# ---- the calendar file ------------------------------------------------------------------------------


def events(found: Agenda) -> dict[str, object]:
    """The file read back: each event by its UID."""
    return {str(event["UID"]): event for event in Calendar.from_ical(ics(found, FRENCH)).walk("VEVENT")}


def test_each_occurrence_is_an_event_of_its_key(week: Agenda) -> None:
    uids = [uid for uid in events(week) if not uid.startswith("holiday")]
    assert sorted(uids) == sorted(f"{each.occurrence.key}@zina.trello-ops" for each in week.entries)


def test_what_is_planned_takes_its_time_and_all_else_stands_at_its_due(week: Agenda) -> None:
    found = events(week)
    meeting = found["weekly/meeting/2027-03-08@zina.trello-ops"]
    assert meeting.start == dt.datetime(2027, 3, 8, 10, tzinfo=dt.UTC)
    assert meeting.end == dt.datetime(2027, 3, 8, 11, tzinfo=dt.UTC)
    assert meeting["TRANSP"] == "OPAQUE"
    parcels = found["daily/parcels/2027-03-08@zina.trello-ops"]
    assert parcels.start == dt.datetime(2027, 3, 8, 18, tzinfo=dt.UTC)
    assert "DTEND" not in parcels
    assert parcels["TRANSP"] == "TRANSPARENT"


def test_what_is_not_to_be_done_is_cancelled_and_says_why(week: Agenda) -> None:
    parcels = events(week)["daily/parcels/2027-03-10@zina.trello-ops"]
    assert parcels["STATUS"] == "CANCELLED"
    assert parcels["SUMMARY"].replace("\u00a0", " ") == (
        "Préparer et envoyer les colis – pas à faire – férié : Aïd al-Fitr"
    )


def test_a_day_off_is_an_event_of_the_whole_day(week: Agenda) -> None:
    holiday = events(week)["holiday/2027-03-10@zina.trello-ops"]
    assert (holiday.start, holiday.end) == (dt.date(2027, 3, 10), dt.date(2027, 3, 11))
    assert (holiday["SUMMARY"], holiday["STATUS"]) == ("Aïd al-Fitr (date estimée)", "TENTATIVE")


def test_the_calendar_names_itself_and_says_when_to_look_again(week: Agenda) -> None:
    said = ics(week, FRENCH)
    assert "\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in said
    found = Calendar.from_ical(said)
    assert (found["NAME"], found["VERSION"], found["UID"]) == ("Zina ô Beldi", "2.0", "zina@trello-ops")
    assert found["LAST-MODIFIED"].dt == LOOKED_AT
    assert found.errors == []


def test_a_later_revision_has_a_higher_sequence() -> None:
    key = "weekly/returns/2027-03-08@zina.trello-ops"
    before, after = events(agenda(SHOP, WEEK, LOOKED_AT))[key], events(issued())[key]
    assert before["LAST-MODIFIED"].dt < after["LAST-MODIFIED"].dt
    assert before["SEQUENCE"] < after["SEQUENCE"]
    assert after["URL"] == "https://trello.com/c/1"


def test_what_is_done_is_marked_and_is_a_later_revision() -> None:
    key = "weekly/returns/2027-03-08@zina.trello-ops"
    before, after = events(issued())[key], events(issued(EventKind.DONE))[key]
    assert after["SUMMARY"] == f"✓ {before['SUMMARY']}"
    assert before["SEQUENCE"] < after["SEQUENCE"]
    again = events(issued(EventKind.DONE, EventKind.REOPENED))[key]
    assert again["SUMMARY"] == before["SUMMARY"]
    assert after["SEQUENCE"] < again["SEQUENCE"]


def test_the_file_is_made_of_lines_that_end_in_crlf_and_are_short(week: Agenda) -> None:
    said = ics(week, FRENCH).encode()
    assert said.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in said.replace(b"\r\n", b"")
    assert max(map(len, said.split(b"\r\n"))) <= 75


def test_what_people_wrote_stays_within_its_line() -> None:
    found = hostile()
    read = Calendar.from_ical(ics(found, FRENCH))
    assert len(read.walk("VEVENT")) == len(found.entries) + 2
    for event in read.walk("VEVENT"):
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202e]", event["SUMMARY"])
    assert all("; a, b\\ 'q'" in str(event["SUMMARY"]) for event in read.walk("VEVENT")[:1])
