"""A small shop with a daily, a weekly and a monthly board, and a judge of what Trello holds of it.

The judge shares no code with trello_ops: it goes by the board files, as `oracle` does, and by the literal
checklists below.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from live_kit import EIGHT, small_shop
from oracle import DAY, MARKER, Duty, Oracle, disagreements

Json = dict[str, Any]

SUNDAY = dt.datetime(2026, 11, 22, 17, 0, tzinfo=dt.UTC)
"""17:00 in Casablanca, on the eve of the first week; the second has the first of December in it."""

_WEEKLY = """\
title: Hebdomadaire
cadence: weekly
release: "06:00"
due: "17:00"
lists: {todo: À faire, doing: En cours, done: Terminé}
tasks:
  stock: {title: Stock, theme: operations, template: stock.md, assign: karim, on: friday}
  returns: {title: Retours, theme: data, template: returns.md, assign: [amal, karim], on: wednesday}
"""

_MONTHLY = """\
title: Mensuel
cadence: monthly
release: "06:00"
due: "17:00"
lists: {todo: À faire, doing: En cours, done: Terminé}
tasks:
  plans: {title: Prévisions, theme: data, template: plans.md, assign: amal, on: last}
  review: {title: Bilan, theme: operations, template: news.md, on: 4}
"""

_TEMPLATES = {
    "stock.md": "---\nchecklists:\n  - title: Rayons\n    items: [Compter, Ranger, Commander]\n---\nStock.\n",
    "returns.md": '---\nchecklists:\n  - title: "Retours du {{ occurrence.date }}"\n'
    "    items: [Vérifier, Rembourser]\n---\nRetours.\n",
    "plans.md": "---\nchecklists:\n  - title: Ventes\n    items: [Lire, Lire, Écrire]\n---\nVentes.\n",
}

ITEMS = {
    "daily/parcels": EIGHT,
    "daily/emails": ["Lire", "Répondre"],
    "daily/news": [],
    "weekly/stock": ["Compter", "Ranger", "Commander"],
    "weekly/returns": ["Vérifier", "Rembourser"],
    "monthly/plans": ["Lire", "Lire", "Écrire"],
    "monthly/review": [],
}
"""The check items of each task's cards. Two of one list say the same: a healed card has both."""

COPIED = {"daily/parcels", "weekly/stock", "monthly/plans"}
"""The tasks that have a template card: their checklists do not name the day."""

PEOPLE = ("amal_zina", "karim_zina")


def three_boards(folder: Path) -> Path:
    """Board files and card templates of the shop."""
    small_shop(folder)
    (folder / "boards" / "weekly.yaml").write_text(_WEEKLY, "utf-8")
    (folder / "boards" / "monthly.yaml").write_text(_MONTHLY, "utf-8")
    for name, text in _TEMPLATES.items():
        (folder / "templates" / "cards" / name).write_text(text, "utf-8")
    return folder


class Judge:
    """What is wrong with the boards of a sandbox' state, in words; nothing where all is well."""

    def __init__(self, state: Json, folder: Path) -> None:
        self._state = state
        self._oracle = Oracle(state, folder / "boards")
        self._files = self._oracle.files
        self._board_keys = {
            board["id"]: key
            for key, declared in self._files.boards.items()
            for board in state["boards"]
            if board["name"] == declared["title"]
        }
        self._labels = {label["id"]: label["name"] for label in state["labels"]}
        self._members = {member["id"]: member["username"] for member in state["members"]}

    def boards(self) -> Iterator[str]:
        """Boards, lists, labels, members and template cards."""
        titles = sorted(str(board["title"]) for board in self._files.boards.values())
        yield from _unequal("boards", sorted(board["name"] for board in self._state["boards"]), titles)
        for board_id, key in self._board_keys.items():
            yield from self._board(board_id, key)

    def _board(self, board_id: str, key: str) -> Iterator[str]:
        declared, themes = self._files.boards[key], self._files.workspace["themes"]
        used = {themes[task["theme"]]["title"] for task in declared["tasks"].values()}
        labels = [each["name"] for each in self._state["labels"] if each["idBoard"] == board_id]
        yield from _unequal(f"{key}: labels", sorted(labels), sorted(used | {self._files.excused}))
        lists = sorted((e for e in self._state["lists"] if e["idBoard"] == board_id), key=lambda e: e["pos"])
        wanted = list(declared["lists"].values())
        yield from _unequal(f"{key}: lists", [each["name"] for each in lists if not each["closed"]], wanted)
        (board,) = (each for each in self._state["boards"] if each["id"] == board_id)
        there = {self._members[each["idMember"]] for each in board["memberships"]}
        yield from _unequal(f"{key}: members", sorted(there & set(PEOPLE)), sorted(PEOPLE))
        templates = Counter(
            card["name"]
            for card in self._state["cards"]
            if card["idBoard"] == board_id and card["isTemplate"] and not card["closed"]
        )
        copied = [task for task in COPIED if task.startswith(f"{key}/")]
        yield from _unequal(f"{key}: template cards", sorted(templates.values()), [1] * len(copied))
        held = sorted(
            self._items(card)
            for card in self._state["cards"]
            if card["idBoard"] == board_id and card["isTemplate"] and not card["closed"]
        )
        yield from _unequal(f"{key}: items of template cards", held, sorted(ITEMS[task] for task in copied))

    def cards(self, now: dt.datetime) -> Iterator[str]:
        """Exactly the declared cards, each once, with exactly the declared checklist items."""
        declared = {duty.key: duty for duty in self._released(now)}
        found: dict[str, list[Json]] = {}
        for card in self._state["cards"]:
            if not card["isTemplate"]:
                marked = MARKER.search(card["desc"])
                found.setdefault(marked[1] if marked else card["name"], []).append(card)
        for key in sorted({*declared, *found}):
            if key not in declared:
                yield f"{key}: {len(found[key])} cards of what nobody declared"
            elif len(found.get(key, [])) != 1:
                yield f"{key}: {len(found.get(key, []))} cards"
            else:
                yield from self._card(declared[key], found[key][0])

    def _released(self, now: dt.datetime) -> Iterator[Duty]:
        """What has a card, the robot never having rested: released, and due since there was a board."""
        since = self._oracle.trello.since
        day = SUNDAY.date()
        while day < now.date() + 40 * DAY:
            for duty in self._files.due_in(day.strftime("%G-W%V")):
                if duty.board in since and duty.release <= now and duty.due > since[duty.board]:
                    yield duty
            day += 7 * DAY

    def _card(self, duty: Duty, card: Json) -> Iterator[str]:
        task = duty.key.rpartition("/")[0]
        yield from _unequal(f"{duty.key}: items", self._items(card), ITEMS[task])
        yield from _unequal(f"{duty.key}: board", self._board_keys.get(card["idBoard"]), duty.board)
        yield from _unequal(f"{duty.key}: due", dt.datetime.fromisoformat(card["due"]), duty.due)
        theme = self._files.workspace["themes"][duty.theme]["title"]
        labels = {self._labels[each] for each in card["idLabels"]} - {self._files.excused}
        yield from _unequal(f"{duty.key}: labels", labels, {theme})
        members = sorted(self._files.people[self._members[each]] for each in card["idMembers"])
        yield from _unequal(f"{duty.key}: members", members, sorted(duty.assignees))

    def _items(self, card: Json) -> list[str]:
        """Of every checklist of the card, by position."""
        lists = [each for each in self._state["checklists"] if each["idCard"] == card["id"]]
        return [
            item["name"]
            for each in sorted(lists, key=lambda each: float(each["pos"]))
            for item in sorted(each["checkItems"], key=lambda item: float(item["pos"]))
        ]

    def closed_weeks(self, now: dt.datetime) -> list[str]:
        """The weeks that have closed since there was something to do."""
        weeks = [(SUNDAY.date() + n * 7 * DAY).strftime("%G-W%V") for n in range(1, 9)]
        return [week for week in weeks if self._files.closes(week) <= now]

    def reports(self, reports: list[Json]) -> Iterator[str]:
        for report in reports:
            yield from (f"{report['week']}: {said}" for said in disagreements(report, self._oracle))


def _unequal(what: str, found: object, wanted: object) -> Iterator[str]:
    if found != wanted:
        yield f"{what}: {found} instead of {wanted}"
