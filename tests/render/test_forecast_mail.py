"""People's coming weeks as a mail."""

import datetime as dt
from dataclasses import replace

import icalendar
import pytest
from agenda_kit import LOOKED_AT, MONDAY, WEEK, board, cadence, shop, task

from trello_ops.core.calendar.agenda import Agenda, Choice, agenda
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.mails import FORECAST, OwedMail
from trello_ops.core.people import Person
from trello_ops.ports import Mail
from trello_ops.render.forecast_mail import mail

OWED = OwedMail(IsoWeek.of(MONDAY), "karim@shop.example", FORECAST)
HOSTILE = "<script>alert(1)</script>\r\nBcc: eve@evil.example \u202e"


def week_of(key: str, title: str = "Colis") -> tuple[Person, Agenda]:
    parcels = task("parcels", title, cadence("daily", (1, 2, 3, 4, 5), "18:00"), "karim", "youssef")
    workspace = shop(board("daily", "Quotidien", "daily", parcels))
    (person,) = (each for each in workspace.people if each.key == key)
    return person, agenda(workspace, WEEK, LOOKED_AT, Choice(person=key))


def said(language: str = "", title: str = "Colis") -> Mail:
    person, week = week_of("karim", title)
    return mail([(replace(person, language=language), week)], OWED)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(("language", "subject"), [("fr", "Votre semaine 10 : "), ("en", "Your week 10: ")])
def test_it_is_in_the_persons_language(language: str, subject: str) -> None:
    sent = said(language)
    assert plain(sent.subject).startswith(subject)
    assert f'<html lang="{language}">' in sent.html
    assert len(sent.subject) <= 78


def test_without_one_it_is_in_the_workspaces() -> None:
    assert plain(said().subject).startswith("Votre semaine")


def test_it_tells_the_persons_own_tasks_and_has_them_as_a_calendar_file() -> None:
    sent = said()
    assert sent.text.count("Colis") == sent.html.count("Colis") >= 3
    (file,) = sent.attachments
    assert (file.filename, file.media_type) == ("2027-W10-karim.ics", "text/calendar; charset=utf-8")
    events = icalendar.Calendar.from_ical(file.content.decode()).walk("VEVENT")
    assert sum("Colis" in str(event["SUMMARY"]) for event in events) >= 3


def test_who_shares_an_address_finds_both_weeks_in_one_mail() -> None:
    sent = mail([week_of("karim"), week_of("youssef")], OWED)
    for name in ("Karim Tazi", "Youssef El Idrissi"):
        assert name in sent.text
        assert name in sent.html
    assert [file.filename for file in sent.attachments] == ["2027-W10-karim.ics", "2027-W10-youssef.ics"]


def test_whatever_people_write_acts_on_nobody() -> None:
    sent = said(title=HOSTILE)
    assert "<script>" not in sent.html
    assert "\u202e" not in sent.html + sent.text + sent.subject + sent.sender_name
    assert not any(line.startswith("Bcc:") for line in (sent.text + sent.html).splitlines())


def test_its_message_id_is_its_own() -> None:
    sent = said()
    assert sent.message_id.startswith("<trello-ops.")
    assert ".2027-W10.forecast." in sent.message_id
    assert said("en").message_id == sent.message_id
    assert dt.date(2027, 3, 8) == MONDAY
