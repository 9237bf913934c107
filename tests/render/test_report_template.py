"""A workspace's own template of the report: what it may do, and that a broken one stops nothing."""

from dataclasses import replace
from pathlib import Path

import pytest
from told_report import FULL, line

from trello_ops.core.mails import OwedMail
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.render import card, report_check
from trello_ops.render.report_html import html
from trello_ops.render.report_mail import mail

EXTENDING = (
    '{% extends "trello-ops/report.html.j2" %}\n'
    "{% block footer %}<p>Merci, {{ page.name }} !</p>{{ super() }}{% endblock %}\n"
    "{% block tables %}{% endblock %}\n"
)


SHIPPED = Path(__file__).parents[2] / "templates"


@pytest.fixture
def templates(tmp_path) -> Path:
    (tmp_path / "report").mkdir()
    return tmp_path


def written(templates: Path, source: str) -> str:
    (templates / "report" / "report.html.j2").write_text(source, encoding="utf-8")
    return html(FULL, "cid:chart", templates)


def test_without_a_template_of_its_own_the_built_in_page_goes_out(tmp_path):
    assert html(FULL, "cid:chart", tmp_path) == html(FULL, "cid:chart")


def test_an_extending_template_replaces_blocks_and_keeps_the_rest(templates):
    document = written(templates, EXTENDING)
    assert "Merci, Zina ô Beldi&nbsp;!" in document.replace(" !", "&nbsp;!")
    assert "Par tableau" not in document
    assert "Ce qui vous attend" in document
    assert 'style="' in document


def test_a_block_may_use_the_lists_of_the_built_in_page(templates):
    source = (
        '{% extends "trello-ops/report.html.j2" %}{% block needs_you %}'
        "{% for section in page.needs_you %}<h2>{{ section.title | upper }}</h2>"
        "{% for entry in section.entries %}<p>{{ entry.title }}</p>{% endfor %}{% endfor %}{% endblock %}"
    )
    assert "CE QUI VOUS ATTEND" in written(templates, source)


def test_a_whole_page_is_as_it_was_written(templates):
    document = written(templates, "<html><body><p>{{ page.headline }}</p></body></html>")
    assert "Semaine 47" in document
    assert "Par thème" not in document


def test_what_people_write_is_escaped_in_it(templates):
    hostile = line("x", Outcome.MISSED, title="<script>alert(1)</script> {{ 7 * 7 }}")
    written(
        templates,
        "{% for s in page.needs_you %}{% for e in s.entries %}{{ e.title }}{% endfor %}{% endfor %}",
    )
    document = html(replace(FULL, occurrences=(hostile,), needs_you=()), "", templates)
    assert "&lt;script&gt;alert(1)" in document
    assert "{{ 7 * 7 }}" in document


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("{% block %}", "ligne 1"),
        ("\n{{ page.no_such_part }}", "ligne 2"),
        ("{{ nothing }}", "nothing"),
        ("\n\n{% extends 'another.html' %}", "ligne 3"),
        ("{{ page.__class__.__mro__ }}", "__class__"),
        ("{{ page.figures }}", "ligne 1"),
        ("{% for n in range(100000) %}x{% endfor %}", "ligne 1"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "ligne 1"),
        ("{{ 'x' * 10000000 }}", "ligne 1"),
        ("{{ open('/etc/passwd') }}", "open"),
        ("{% include '/etc/passwd' %}", "ligne 1"),
    ],
)
def test_a_broken_template_never_stops_the_report(templates, source, why):
    document = written(templates, source)
    assert "Ce qui vous attend" in document
    remark = "Le modèle templates/report/report.html.j2 est inutilisable, voici donc la page fournie ("
    said = document.replace("&nbsp;", " ").replace("&#39;", "'")
    assert remark in said
    assert why in said.partition(remark)[2][:300]
    assert remark in mail(FULL, OwedMail(FULL.week, "leila@shop.example"), templates).text.replace(
        "\u00a0", " "
    )


@pytest.mark.parametrize(
    "source", ["", " \n", "{% if false %}<p>x</p>{% endif %}", "<p></p><style>p{}</style>"]
)
def test_a_template_that_shows_nothing_is_a_broken_one(templates, source):
    document = written(templates, source)
    assert "Ce qui vous attend" in document
    assert "(la page est vide)" in document.replace("\u00a0", " ")


def test_half_a_character_in_a_template_never_stops_the_report(templates):
    assert "Ce qui vous attend" in written(templates, r"<p>{{ '\ud800' }}</p>")


def test_a_template_that_cannot_be_read_is_a_broken_one(templates):
    (templates / "report" / "report.html.j2").symlink_to("/etc/hostname")
    assert "est inutilisable" in html(FULL, "", templates)


def test_a_template_whose_page_is_endless_is_a_broken_one(templates):
    long = "x" * 150_000
    assert "est inutilisable" in written(templates, "{% for n in range(9) %}" + long + "{% endfor %}")


# ---- what `validate` says beforehand


def test_the_template_that_ships_shows_the_built_in_page():
    assert html(FULL, "cid:chart", SHIPPED) == html(FULL, "cid:chart")
    assert list(report_check.warnings(SHIPPED)) == []
    assert [each for each in card.warnings(SHIPPED) if "report" in each.file] == []


def test_a_sound_template_is_worth_no_warning(templates):
    written(templates, EXTENDING)
    assert card.warnings(templates) == ()


def test_a_folder_without_a_report_template_is_worth_no_warning(tmp_path):
    assert list(report_check.warnings(tmp_path)) == []


def test_a_broken_template_is_told_before_a_report_is_due(templates):
    written(templates, "\n{{ page.headlin }}")
    (warning,) = card.warnings(templates)
    assert warning.file == str(templates / "report" / "report.html.j2")
    assert warning.message.startswith("cannot be used, so reports have the built-in page: line 2: ")
    assert "headlin" in warning.message


def test_a_file_beside_it_is_not_read(templates):
    (templates / "report" / "rapport.html").write_text("x")
    (templates / "report" / "README.md").write_text("x")
    (warning,) = card.warnings(templates)
    assert warning.message == "is not read: only `report.html.j2` is, which makes the report’s page"
