"""What a manager reads of a week: the verdict, what needs them, and the figures that back it."""

import re
from dataclasses import replace
from html import unescape

import pytest
from told_report import ALL, EMPTY, FALL, FULL, STEADY, WEEK, crowded, line, totals, weeks_before

from trello_ops.core.mails import OwedMail
from trello_ops.core.reporting.notice import Notice, Why
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import Group, Report
from trello_ops.core.reporting.signal import standing
from trello_ops.core.reporting.standing import Outlook, Signal, Standing, Verdict, WeekCount
from trello_ops.render.report_html import LARGEST, html
from trello_ops.render.report_mail import mail
from trello_ops.render.report_page import page
from trello_ops.render.report_parts import Section
from trello_ops.render.report_text import text

NBSP = "\u00a0"
LEILA = OwedMail(WEEK, "leila@shop.example")


def plain(words: str) -> str:
    return words.replace(NBSP, " ").replace("\u202f", " ")


def lists(report: Report) -> dict[str, Section]:
    shown = page(report)
    every = (*shown.needs_you, *shown.details, *shown.settled, *shown.robot, *shown.next_week)
    return {section.name: section for section in every}


def told(section: Section) -> list[tuple[str, ...]]:
    return [tuple(map(plain, (entry.title, *entry.details))) for entry in section.entries]


def judged(verdict: Verdict, outlook: Outlook | None = None, trial: bool = False) -> Report:
    """The usual week with another verdict."""
    signal = Signal(verdict, trial, 0.9, 1.0, 0.765, 0.99, FULL.standing.signal.weeks)
    return replace(FULL, standing=replace(FULL.standing, signal=signal, outlook=outlook))


# ---- the verdict


@pytest.mark.parametrize(
    ("figures", "french", "english"),
    [
        (totals(12, 0, 3), "3 tâches manquées, 80 % à l’heure", "3 tasks missed, 80% on time"),
        (totals(12, 2, 1), "1 tâche manquée, 80 % à l’heure", "1 task missed, 80% on time"),
        (totals(12, 1), "tout est fait, 1 en retard, 92 % à l’heure", "all done, 1 late, 92% on time"),
        (totals(12, 1, open_=1), "1 tâche en retard, 92 % à l’heure", "1 task late, 92% on time"),
        (totals(12, 0, 0, open_=1), "100 % à l’heure", "100% on time"),
        (totals(12), "tout a été fait à l’heure", "everything on time"),
        (totals(0, open_=2), "2 tâches ouvertes", "2 tasks open"),
        (totals(0, excused=2), "rien à évaluer", "nothing to rate"),
        (totals(), "rien n’était prévu", "nothing was due"),
        (totals(996, 0, 4), "4 tâches manquées, 99,6 % à l’heure", "4 tasks missed, 99.6% on time"),
        (totals(2499, 0, 1), "1 tâche manquée, 99,9 % à l’heure", "1 task missed, 99.9% on time"),
        (totals(4, 0, 996), "996 tâches manquées, 0,4 % à l’heure", "996 tasks missed, 0.4% on time"),
        (totals(0, 0, 3), "3 tâches manquées, 0 % à l’heure", "3 tasks missed, 0% on time"),
    ],
)
def test_the_first_words_say_how_the_week_went(figures, french, english):
    old = replace(FULL, totals=figures, standing=Standing())
    assert plain(page(old).subject) == plain(page(old).headline) == f"Semaine 47 : {french}"
    assert page(replace(old, locale="en-GB")).subject == f"Week 47: {english}"


def test_a_rate_below_the_target_is_not_rounded_up_to_it():
    shown = page(replace(FULL, totals=totals(896, 0, 104)))
    assert "104 tâches manquées, 89,6 % à l’heure" in plain(shown.subject)


@pytest.mark.parametrize(
    ("verdict", "french", "english"),
    [
        (Verdict.NONE, "trop tôt pour comparer", "too early to compare"),
        (Verdict.USUAL, "variation habituelle", "usual variation"),
        (Verdict.FALL, "baisse inhabituelle", "unusual fall"),
        (Verdict.RISE, "hausse inhabituelle", "unusual rise"),
        (Verdict.LASTING_FALL, "baisse durable", "lasting fall"),
        (Verdict.LASTING_RISE, "hausse durable", "lasting rise"),
    ],
)
def test_each_verdict_has_its_own_words(verdict, french, english):
    report = judged(verdict)
    expected = f"Semaine 47 : 3 tâches manquées, 83 % à l’heure – {french}"
    assert plain(page(report).subject) == plain(page(report).headline) == expected
    assert page(replace(report, locale="en")).subject.endswith(f"83% on time – {english}")
    on_trial = judged(verdict, trial=True)
    # What is not compared is on trial all the more, which need not be said.
    trial = "" if verdict is Verdict.NONE else " (à l’essai)"
    assert plain(page(on_trial).headline) == expected + trial
    assert plain(page(on_trial).subject).endswith(french + trial)
    assert text(on_trial).startswith(page(on_trial).headline + "\n" + page(on_trial).lead + "\n")


def test_a_target_that_cannot_be_held_is_said_in_the_first_sentence():
    shown = page(judged(Verdict.USUAL, Outlook.CANNOT_HOLD))
    assert plain(shown.headline) == (
        "Semaine 47 : 3 tâches manquées, 83 % à l’heure – variation habituelle ; "
        "en l’état, l’objectif de 90 % ne peut pas être tenu"
    )
    assert shown.subject in shown.headline
    assert "objectif" not in page(judged(Verdict.USUAL, Outlook.CHANCE)).headline


def test_the_first_sentence_is_the_first_thing_that_a_mail_program_shows():
    sent = mail(FULL, LEILA)
    assert sent.text.startswith(page(FULL).headline)
    body = unescape(sent.html[sent.html.index("<body") :])
    before = re.sub(r"<[^>]*>", "", body[: body.index("</h1>")])
    assert before.strip() == page(FULL).headline


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("frozen", [True, False])
@pytest.mark.parametrize("verdict", Verdict)
def test_a_subject_fits_a_line_of_a_mails_head(verdict, frozen, locale):
    report = replace(
        judged(verdict, trial=True), name="N" * 300, locale=locale, totals=totals(7000, 99, 9000)
    )
    subject = page(report if frozen else replace(report, frozen_at=None)).subject
    assert len(subject) <= 78
    assert "N" not in subject


def test_the_verdict_is_explained_by_what_it_goes_by():
    assert plain(page(FULL).lead) == (
        "Rien n’indique un changement. Pour 54 tâches, un taux de 77 % à 100 % peut tenir au hasard."
    )
    assert "quelque chose" in page(FALL).lead
    young = standing(weeks_before(STEADY[:5]), WeekCount(WEEK, 54, 45), 90)
    assert plain(page(replace(FULL, standing=young)).lead).endswith("que sur 5 semaines.")
    assert "quatre semaines" in page(judged(Verdict.NONE)).lead
    assert plain(page(judged(Verdict.LASTING_FALL)).lead) == (
        "Depuis plusieurs semaines, le travail est moins souvent fait à l’heure qu’avant."
    )
    assert page(EMPTY).lead == ""


# ---- figures


def facts(report: Report) -> dict[str, str]:
    return {fact.label: plain(fact.value) for fact in page(report).facts}


def test_no_percentage_stands_without_its_count():
    found = facts(FULL)
    assert found["Prévu"] == "59 tâches prévues · 4 excusées · 1 non émise"
    assert found["Fait à l’heure"] == "83,3 % (45 sur 54)"
    assert found["Fait en tout"] == "94,4 % (51 sur 54)"
    assert found["Pas à l’heure"] == "24 pour 21 admises en quatre semaines"
    assert facts(replace(FULL, totals=totals(excused=3)))["Fait à l’heure"] == "–"


@pytest.mark.parametrize(
    ("outlook", "words"),
    [
        (Outlook.HOLDS, "90 % – tenu en l’état"),
        (Outlook.CHANCE, "90 % – atteint ou non selon le hasard"),
        (Outlook.CANNOT_HOLD, "90 % – hors d’atteinte en l’état"),
        (None, "90 %"),
    ],
)
def test_the_target_stands_with_its_outlook(outlook, words):
    assert facts(judged(Verdict.USUAL, outlook))["Objectif"] == words


def test_an_old_report_has_no_target_no_verdict_and_no_chart():
    shown = page(replace(FULL, standing=Standing()), "cid:chart")
    assert [fact.label for fact in shown.facts] == ["Prévu", "Fait à l’heure", "Fait en tout"]
    assert (shown.lead, shown.chart) == ("", None)
    assert "<img" not in html(replace(FULL, standing=Standing()), "cid:chart")


def test_the_columns_of_boards_and_themes_add_up_to_the_heading():
    for report in (FULL, crowded(boards=40, each=1)):
        for table in page(report).tables[:2]:
            rows = [*table.rows, *([table.rest] if table.rest else [])]
            sums = [sum(int(plain(row.cells[n]).replace(" ", "")) for row in rows) for n in range(3)]
            if report is FULL:
                assert [str(n) for n in sums] == [figure.value for figure in page(report).figures][::-1]
                assert table.total.cells[:3] == tuple(map(str, sums))
            else:
                assert sums == [sum(range(40)), 40, 360]


def test_rows_stand_by_number_missed_and_only_marked_ones_have_a_mark():
    boards = page(FULL).tables[0]
    assert [(row.title, bool(row.mark)) for row in boards.rows] == [
        ("Colis et stock", True),
        ("Site et réseaux sociaux", False),
        ("Comptabilité", False),
    ]
    assert html(FULL).count(boards.rows[0].mark) == 1


def test_people_are_told_only_where_that_is_asked_for_and_without_rank():
    table = page(FULL).tables[2]
    assert [row.title for row in table.rows] == ["Leïla Bennani", "Omar Idrissi", "Personne"]
    assert "partagée" in table.about
    assert table.total is None
    hidden = replace(FULL, people_shown=False)
    assert [table.name for table in page(hidden).tables] == ["boards", "themes"]
    assert "Par personne" not in html(hidden) + text(hidden)


# ---- lists


def test_what_needs_somebody_comes_first_with_how_often_and_to_whom():
    found = told(lists(FULL)["needs_you"])
    assert found[0][1:] == (
        "Personne · Colis et stock · échéance ven. 20 nov. 17:00",
        "Manquée 2 fois sur les 4 dernières.",
        "Elle n’était assignée à personne. À qui la confier désormais ?",
    )
    assert found[1][2:] == ("Manquée 3 fois sur les 4 dernières.",)
    assert found[2][2:] == ()  # once of once is no news
    assert found[3] == (
        "Changer les bannières",
        "Site et réseaux sociaux · mer. 25 nov. : assignée à personne. À qui la confier ?",
    )


def test_what_was_missed_is_told_where_nothing_points_at_it():
    entries = lists(replace(FULL, needs_you=()))["needs_you"].entries
    assert [entry.title for entry in entries] == [each.title for each in FULL.occurrences[:3]]


def test_rare_duties_have_no_percentage():
    assert told(lists(FULL)["rare"]) == [
        ("Déclarer la TVA", "Comptabilité · 6 fois de suite à l’heure"),
        ("Préparer la paie", "Comptabilité · pas à l’heure 2 fois sur 4"),
    ]


def test_late_tasks_say_by_how_much():
    late = lists(FULL)["late"]
    assert plain(late.about) == "Retard médian : 16 h 12 min · le plus long : 1 j 17 h"
    assert [plain(entry.details[0]) for entry in late.entries] == [
        "16 h 12 min de retard",
        "2 h 30 min de retard",
        "≈ 1 j 17 h de retard",
    ]
    alone = replace(FULL, occurrences=FULL.occurrences[3:4])
    assert lists(alone)["late"].about == ""


def test_doubts_are_questions():
    doubts = lists(FULL)["doubtful"]
    assert all(plain(entry.details[-1]).endswith(" ?") for entry in doubts.entries)
    assert doubts.entries[2].title == "Site et réseaux sociaux"
    assert lists(replace(FULL, doubtful=(Notice("of_another_version", task="x", title="X"),)))["doubtful"]


def test_the_week_to_come_is_told_with_its_days():
    assert told(lists(FULL)["next_week"]) == [
        ("Fête de l’Indépendance", "jour férié, date à confirmer · mar. 24 nov."),
        ("Inventaire", "fermeture · 26–27 nov. 2026 · Colis et stock"),
        ("Omar Idrissi", "absence · 23–27 nov. 2026"),
        ("Déclarer la TVA", "tâche peu fréquente · mer. 25 nov. · Comptabilité · Leïla Bennani"),
        (
            "Matin",
            "trop rempli : 150 min prévues pour 120 min · mer. 25 nov. · Colis et stock · Omar Idrissi",
        ),
    ]


def test_what_was_excused_or_reopened_says_how():
    excused = {each[0]: each[-1] for each in told(lists(FULL)["excused"])}
    assert excused["Préparer la promotion"] == "Excusée par une étiquette de la carte."
    assert told(lists(FULL)["remarks"])[0][-1] == "Rouverte après avoir été faite."
    by_list = line("x", Outcome.EXCUSED, excused_reason="list")
    (entry,) = lists(replace(FULL, occurrences=(by_list,)))["excused"].entries
    assert entry.details[-1] == "Excusée par la liste où se trouve la carte."


def test_people_who_left_keep_their_names():
    gone = line("x", Outcome.MISSED, assignees=("gone",), assignee_names=("Ancienne Collègue",))
    assert told(lists(replace(FULL, occurrences=(gone,), needs_you=()))["needs_you"])[0][1].startswith(
        "Ancienne Collègue ·"
    )


def test_the_robots_account_counts_what_was_withdrawn():
    assert told(lists(FULL)["robot"])[-1][1] == (
        "1 tâche a été retirée : les fichiers des tableaux ne la demandent plus."
    )


def test_empty_parts_are_absent():
    shown = page(EMPTY)
    assert lists(EMPTY) == {}
    assert (shown.tables, shown.figures, shown.facts) == ((), (), ())
    assert "<h2" not in html(replace(EMPTY, standing=Standing()))


# ---- size, and the chart


def test_a_chart_has_its_words_and_the_mail_its_picture():
    sent = mail(FULL, LEILA)
    assert 'src="cid:chart"' in sent.html
    assert [image.name for image in sent.images] == ["chart"]
    alt = page(FULL).chart.alt
    assert f'alt="{alt}"' in unescape(sent.html)
    assert alt in sent.text
    assert mail(replace(FULL, standing=Standing()), LEILA).images == ()
    assert "<img" not in html(FULL)


def test_an_agencys_worst_week_is_not_cut_off_by_mail_programs():
    report = crowded()
    assert len(report.occurrences) > 5000
    assert quoted(html(report, "cid:chart")) < LARGEST


def test_titles_of_any_length_do_not_make_a_mail_that_is_cut_off():
    long = "🧨" * 16_000
    report = crowded(each=6)
    loud = tuple(replace(each, title=long, assignee_names=(long,)) for each in report.occurrences)
    named = tuple(Group(group.key, long, group.totals) for group in report.boards)
    report = replace(report, name=long, occurrences=loud, boards=named, themes=named, people=named)
    assert quoted(html(report, "cid:chart")) < LARGEST


def quoted(document: str) -> int:
    """Bytes in quoted-printable, at least."""
    return sum(1 if 31 < byte < 127 and byte != 61 else 3 for byte in document.encode())


def test_totals_of_the_kit_are_those_of_its_tables():
    assert sum(group.totals.judged for group in FULL.boards) == ALL.judged
    assert all(notice.why in set(Why) for notice in FULL.needs_you)
