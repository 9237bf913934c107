"""Which column of a table says what: by its heading in some languages, else by what stands in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trello_ops.draft import guess
from trello_ops.messages import say
from trello_ops.suggestions import folded

_WORDS = {
    "title": "tache, taches, quoi, intitule, titre, action, actions, activite, a faire, mission, task, "
    "tasks, title, what, to do, todo, duty, tarea, tareas, aufgabe, aufgaben, attivita, compito, tarefa, "
    "taak, المهمة, المهام, مهمة",
    "rhythm": "frequence, periodicite, rythme, recurrence, cadence, frequency, rhythm, how often, repeat, "
    "frecuencia, haufigkeit, rhythmus, frequenza, frequencia, frequentie, التكرار",
    "day": "jour, jours, quand, day, days, when, dia, dias, tag, tage, giorno, dag, اليوم",
    "people": "responsable, responsables, qui, personne, personnes, assigne a, assigne, pilote, owner, who, "
    "assignee, assigned to, person, encargado, quien, verantwortlich, zustandig, wer, responsabile, "
    "responsavel, wie, verantwoordelijke, المسؤول",
    "due": "echeance, heure, heure limite, date limite, pour le, avant, deadline, due, time, due date, "
    "vencimiento, plazo, hora, frist, fallig, uhrzeit, scadenza, prazo, الموعد",
    "theme": "theme, categorie, rubrique, domaine, pole, service, category, area, label, tema, categoria, "
    "thema, kategorie, bereich, الفئة",
    "slot": "creneau, plage, plage horaire, slot",
    "items": "etapes, checklist, check list, sous taches, controles, points de controle, steps, subtasks, "
    "pasos, schritte, passi, passos, stappen, الخطوات",
    "description": "remarque, remarques, note, notes, commentaire, commentaires, description, details, "
    "remarks, comment, comments, notas, bemerkung, notizen, nota, ملاحظات",
}
_BY_WORD = {word: field for field, words in _WORDS.items() for word in words.split(", ")}
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_LOOKED_AT = 10
"""Rows among which the headings are looked for; a title may stand above them."""

_SAMPLE = 50
"""Rows by which an unknown column is judged."""

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Columns:
    """The row of the headings, from 0, and the place of each column that is read; with what was guessed."""

    row: int
    places: Mapping[str, int]
    remarks: tuple[str, ...] = ()


def known(rows: Rows) -> int:
    """How many columns are known by their headings, in the row that has most of them."""
    return max((len(_by_heading(row)) for row in rows[:_LOOKED_AT]), default=0)


def find(rows: Rows) -> Columns | None:
    """The columns of a table; `None` where none can be one of tasks."""
    heads = [_by_heading(row) for row in rows[:_LOOKED_AT]]
    row = max(range(len(heads)), key=lambda n: ("title" in heads[n], len(heads[n])), default=None)
    if row is None:
        return None
    if not heads[row]:
        row = next((n for n, each in enumerate(rows) if sum(map(bool, map(str.strip, each))) > 1), 0)
    places = dict(heads[row]) if row < len(heads) else {}
    guessed = dict(_by_content(rows, row, places))
    places |= guessed
    if "title" not in places:
        return None
    return Columns(row, places, (*_taken(rows[row], guessed), *_left(rows[row], places)))


def _by_heading(row: Sequence[str]) -> dict[str, int]:
    """The places of the columns that a row names."""
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        said = folded(_IN_BRACKETS.sub("", cell[:100])).strip(" :*?.")
        if field := _BY_WORD.get(said):
            found.setdefault(field, place)
    return found


def _by_content(rows: Rows, head: int, places: Mapping[str, int]) -> list[tuple[str, int]]:
    """The columns that are known by what stands in them alone: rhythms first, then the longest texts."""
    width = max(map(len, rows[: head + _SAMPLE]), default=0)
    cells = {
        place: [row[place].strip() for row in rows[head + 1 : head + _SAMPLE] if place < len(row)]
        for place in range(width)
        if place not in places.values()
    }
    said = {place: [cell for cell in column if cell] for place, column in cells.items()}
    rhythms = [place for place, column in said.items() if column and _are_rhythms(column)]
    free = [field for field in ("rhythm", "due", "day") if field not in places]
    found = list(zip(free, rhythms, strict=False))
    texts = [place for place in said if place not in rhythms and any(map(_is_text, said[place]))]
    if "title" not in places and texts:
        found.append(("title", max(texts, key=lambda place: (_mean(said[place]), -place))))
    return found


def _are_rhythms(column: Sequence[str]) -> bool:
    understood = [guess.rhythm(cell) for cell in column if not cell.isdecimal()]
    return 2 * sum(map(bool, understood)) > len(column)


def _is_text(cell: str) -> bool:
    return any(letter.isalpha() for letter in cell)


def _mean(column: Sequence[str]) -> float:
    return sum(map(len, set(column))) / len(column)


def _taken(row: Sequence[str], guessed: Mapping[str, int]) -> list[str]:
    tasks = say("tasks")
    rhythms = say("days or times")
    return [
        say(
            "the column “%(name)s” was taken for %(what)s",
            name=_heading(row, place),
            what=tasks if field == "title" else rhythms,
        )
        for field, place in guessed.items()
    ]


def _left(row: Sequence[str], places: Mapping[str, int]) -> list[str]:
    return [
        say("the column “%(name)s” was not read", name=cell.strip())
        for place, cell in enumerate(row)
        if cell.strip() and place not in places.values()
    ]


def _heading(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else str(place + 1)
