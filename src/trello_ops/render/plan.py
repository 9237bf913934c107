"""A Plan in words for a terminal, and as JSON."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from trello_ops.core.planning.amendments import Reason
from trello_ops.core.planning.changes import Risk
from trello_ops.core.planning.plan import Plan, change_as_dict
from trello_ops.escape import visible
from trello_ops.messages import N_, Message, joined, say, say_count, translated
from trello_ops.render.changes import describe
from trello_ops.render.i18n import ENGLISH, Translator

NOTHING = say("Nothing to change.")
FROZEN = "="
"""The sign of cards that stay as they were given."""

SIGNS: Final[Mapping[Risk, str]] = {
    Risk.ADDITIVE: "+",
    Risk.CAREFUL: "~",
    Risk.DESTRUCTIVE: "!",
    Risk.HOUSEKEEPING: "·",
}

_RISKS: Final[Mapping[Risk, str]] = {
    Risk.ADDITIVE: say("additive"),
    Risk.CAREFUL: say("careful"),
    Risk.DESTRUCTIVE: say("destructive"),
    Risk.HOUSEKEEPING: say("housekeeping"),
}


def text(plan: Plan, translator: Translator = ENGLISH) -> str:
    """One line a change under its board's key, then counts and checksum. Ends with a line break."""
    by_board: dict[str, list[str]] = {}
    for change in plan.told:
        # Titles may come from Trello, and hold what a terminal obeys.
        line = f"  {SIGNS[change.risk]} {visible(translated(describe(change), translator))}"
        by_board.setdefault(change.board, []).append(line)
    for board, frozen in _frozen(plan):
        by_board.setdefault(board, []).append(f"  {FROZEN} {translated(frozen, translator)}")
    lines = [line for board, its in by_board.items() for line in (visible(board), *its, "")]
    lines.append(translated(summary(plan), translator))
    return "\n".join(lines) + "\n"


def counted(plan: Plan) -> str:
    """How many changes of each risk a plan has; empty where there are none."""
    return joined(
        Message("%(sign)s %(count)s %(risk)s", {"sign": SIGNS[risk], "count": count, "risk": _RISKS[risk]})
        for risk, count in replace(plan, changes=plan.told).counts.items()
        if count
    )


def summary(plan: Plan) -> str:
    """How many changes a plan has, of which risks, and its checksum."""
    if not plan.changes:
        return NOTHING
    return say_count(
        "%(count)s change: %(counts)s. Checksum %(checksum)s.",
        "%(count)s changes: %(counts)s. Checksum %(checksum)s.",
        len(plan.told),
        counts=counted(plan),
        checksum=plan.checksum,
    )


def as_json(plan: Plan) -> str:
    """The plan as JSON, ending with a line break.

    `{"checksum", "counts": {risk: number}, "changes": [change_as_dict, …], "frozen": [{"key", "reason"}, …]}`
    """
    document = {
        # All that `apply FILE` reads: it plans anew and compares.
        "checksum": plan.checksum,
        "counts": {str(risk): count for risk, count in plan.counts.items()},
        "changes": [change_as_dict(change) for change in plan.changes],
        "frozen": [{"key": str(card.key), "reason": str(card.reason)} for card in plan.frozen],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _frozen(plan: Plan) -> Iterator[tuple[str, str]]:
    """By board, one line about the cards that stay as they were given, and why."""
    for board in dict.fromkeys(card.board for card in plan.frozen):
        reasons = Counter(card.reason for card in plan.frozen if card.board == board)
        why = joined(say(_WHY[each], count=reasons[each]) for each in Reason if reasons[each])
        told = say_count(
            "%(count)s card stays as it is, though its task was edited (%(why)s)",
            "%(count)s cards stay as they are, though their task was edited (%(why)s)",
            reasons.total(),
            why=why,
        )
        yield board, told


_WHY = {
    Reason.PAST_DUE: N_("past due: %(count)s"),
    Reason.DAY_OVER: N_("their new due is over already: %(count)s"),
    Reason.DONE: N_("done: %(count)s"),
    Reason.BY_HAND: N_("changed by hand: %(count)s"),
    Reason.RETIMED: N_("of days that are named no more: %(count)s"),
    Reason.UNKNOWN: N_("made by an earlier version: %(count)s"),
}
