"""People's own coming weeks as the mail to their common address, with a calendar file for each."""

from collections.abc import Iterator, Sequence

from trello_ops.core.calendar.agenda import Agenda
from trello_ops.core.mails import OwedMail
from trello_ops.core.people import Person
from trello_ops.escape import one_line
from trello_ops.ports import Attachment, Mail
from trello_ops.render.calendar_ics import ics
from trello_ops.render.calendar_page import CalendarPage, page
from trello_ops.render.html_templates import template
from trello_ops.render.i18n import Translator
from trello_ops.render.mail_identity import message_id, sender_name
from trello_ops.render.mail_template import inlined


def mail(weeks: Sequence[tuple[Person, Agenda]], owed: OwedMail) -> Mail:
    """The mail, in the first person's language. `weeks` holds at least one person's week."""
    first, agenda = weeks[0]
    workspace = agenda.workspace
    t = Translator(first.language or workspace.locale)
    days = t.period(agenda.first, agenda.last)
    greeting = t.gettext("What is yours to do, %(days)s.", days=days)
    shown = [(one_line(person.name), page(week, t)) for person, week in weeks]
    subject = t.gettext("Your week %(number)s: %(days)s", number=owed.week.number, days=days)
    body = template("mail_templates", "forecast.html.j2").render(
        language=t.language, subject=subject, people=shown
    )
    return Mail(
        recipient=owed.recipient,
        subject=subject,
        text="\n".join(_lines(greeting, shown)) + "\n",
        html=inlined(body),
        message_id=message_id(workspace.key, owed),
        attachments=tuple(
            Attachment(f"{owed.week}-{person.key}.ics", "text/calendar; charset=utf-8", ics(week, t).encode())
            for person, week in weeks
        ),
        sender_name=sender_name(workspace.name),
    )


def _lines(greeting: str, people: Sequence[tuple[str, CalendarPage]]) -> Iterator[str]:
    yield greeting
    for name, shown in people:
        yield from ("", name, "=" * len(name))
        for day in (day for week in shown.weeks for day in week.days):
            yield from ("", " · ".join((day.title, *day.off)))
            for line in day.lines:
                yield f"- {line.time} {line.title} – {line.where}"
                yield from (f"  {each}" for each in (*line.notes, line.url) if each)
