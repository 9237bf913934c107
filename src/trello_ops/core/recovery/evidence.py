"""What Trello shows of our boards, and what of it gives cards their meaning."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from trello_ops.core.bindings import Binding, Kind
from trello_ops.core.declared import DONE, Board, Workspace
from trello_ops.core.ledger import LedgerEntry, Occurrence, OccurrenceKey
from trello_ops.core.marker import bears_any, find_card_key
from trello_ops.core.recovery.card_origin import BoardNames, as_made
from trello_ops.core.recovery.uncertainty import Uncertainty
from trello_ops.core.tracking.criteria import CardRules
from trello_ops.core.trello import Action, Card, Snapshot

_MAKINGS = frozenset({"createCard", "copyCard"})


@dataclass(frozen=True, slots=True)
class BoardEvidence:
    """All that Trello shows of one board.

    `cards` are all cards on it, archived ones too, and those of its log that lie elsewhere by now. `log` is
    complete, oldest first, and was read after the cards. `robot_comments` is how many comments on a card, by
    its id, are the robot's own; cards of which comments prove nothing may be left out.
    """

    board: Board
    bindings: tuple[Binding, ...]
    snapshot: Snapshot
    cards: tuple[Card, ...]
    log: tuple[Action, ...]
    robot_comments: Mapping[str, int] = field(default_factory=dict)

    def bound(self, kind: Kind) -> dict[str, str]:
        """Declared keys by Trello id."""
        return {each.trello_id: each.key for each in self.bindings if each.kind is kind}


CardTitle = Callable[[Occurrence], str | None]
"""The title that an occurrence's card would get by today's files; `None` where they do not tell."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What all boards show together, sorted so that a card can be understood.

    `log` is by card id, `cards` by occurrence; `names` and `rules` are by board id. `robots` are the accounts
    that made cards with our marker.
    """

    workspace: Workspace
    card_title: CardTitle
    now: dt.datetime
    log: Mapping[str, Sequence[Action]]
    cards: Mapping[OccurrenceKey, Card]
    robots: frozenset[str]
    names: Mapping[str, BoardNames]
    rules: Mapping[str, CardRules]
    robot_comments: Mapping[str, int]

    @classmethod
    def of(
        cls, workspace: Workspace, boards: Sequence[BoardEvidence], card_title: CardTitle, now: dt.datetime
    ) -> "Evidence":
        """From what was read of the boards, the first read having begun at `now`."""
        log = _by_card(action for shown in boards for action in shown.log)
        cards = _by_key(workspace.key, (card for shown in boards for card in shown.cards), log)
        everywhere = CardRules(
            _lists(boards, lambda _: {DONE}),
            excused_label=None,
            excused_lists=_lists(boards, lambda board: {board.excused_list}),
            excused_elsewhere=frozenset(i for shown in boards for i in _excused_labels(workspace, shown)),
            put_away_lists=_lists(boards, lambda board: board.put_away_lists),
        )
        return cls(
            workspace,
            card_title,
            now,
            log,
            cards,
            robots=frozenset(filter(None, (maker_of(log.get(card.id, ())) for card in cards.values()))),
            names=_names(workspace, boards),
            rules={
                shown.snapshot.board.id: replace(
                    everywhere, excused_label=next(_excused_labels(workspace, shown), None)
                )
                for shown in boards
            },
            robot_comments={i: count for shown in boards for i, count in shown.robot_comments.items()},
        )

    def made(self, card: Card) -> Card:
        """A card as it was made."""
        return as_made(card, self.log.get(card.id, ()))

    def may_be_ours(self, card_id: str) -> bool:
        """Whether the robot made a card, for all that the log tells."""
        maker = maker_of(self.log.get(card_id, ()))
        return maker is None or maker in self.robots


def _by_card(actions: Iterable[Action]) -> dict[str, list[Action]]:
    """The actions of each card, oldest first."""
    # By id, as a card that changes boards may be in the logs of both.
    found: dict[str, list[Action]] = {}
    for action in sorted({each.id: each for each in actions}.values(), key=lambda each: (each.at, each.id)):
        if action.card_id:
            found.setdefault(action.card_id, []).append(action)
    return found


def _by_key(
    workspace: str, cards: Iterable[Card], log: Mapping[str, Sequence[Action]]
) -> dict[OccurrenceKey, Card]:
    """The elder card of each marker of the workspace."""
    # The text that a card was made with comes before that of today, which somebody may have copied there.
    elder_first = sorted(cards, key=lambda each: (each.created_at, each.id))
    then = [(as_made(card, log.get(card.id, ())).description, card) for card in elder_first]
    made = [(find_card_key(text, workspace), card) for text, card in then]
    unmarked = [card for text, card in then if not bears_any(text)]
    now = [(find_card_key(card.description, workspace), card) for card in unmarked]
    marked = [(key, card) for key, card in (*made, *now) if key]
    makers = {maker_of(log.get(card.id, ())) for _, card in marked if not card.is_template} - {None}
    found: dict[OccurrenceKey, Card] = {}
    for key, card in marked:
        # Somebody may turn a card into a template, which stays the card of its occurrence, as in the ledger;
        # or keep a copy of one as a template, which never was.
        if not card.is_template or not makers or maker_of(log.get(card.id, ())) in {None, *makers}:
            found.setdefault(key, card)
    return found


def bears_marker(card: Card, log: Sequence[Action]) -> bool:
    """Whether a card bears a marker, or was made with one; be it another workspace's."""
    return bears_any(card.description) or bears_any(as_made(card, log).description)


def maker_of(log: Sequence[Action]) -> str | None:
    """The id of the account that made a card, where the log tells it."""
    return next((action.by.id for action in log if action.type in _MAKINGS and action.by), None)


def _names(workspace: Workspace, boards: Sequence[BoardEvidence]) -> dict[str, BoardNames]:
    """What Trello's ids mean on each board, by board id."""
    # Who left a board is no member any more, but the log still knows the account; a member's name of today
    # comes last and counts.
    members = [member for shown in boards for member in shown.snapshot.members]
    actors = [action.by for shown in boards for action in shown.log if action.by]
    known = {member.id: workspace.person_of(member.username) for member in (*actors, *members)}
    people = {member_id: person.key for member_id, person in known.items() if person}
    return {
        shown.snapshot.board.id: BoardNames(
            themes={label: key for label, key in shown.bound(Kind.LABEL).items() if workspace.theme(key)},
            people=people,
            members=frozenset(people[m.id] for m in shown.snapshot.members if m.id in people),
        )
        for shown in boards
    }


def _lists(boards: Sequence[BoardEvidence], which: Callable[[Board], Collection[str]]) -> frozenset[str]:
    """The ids of some lists of each board: `which` gives their keys."""
    return frozenset(
        trello_id
        for shown in boards
        for trello_id, key in shown.bound(Kind.LIST).items()
        if key in which(shown.board)
    )


def _excused_labels(workspace: Workspace, shown: BoardEvidence) -> Iterator[str]:
    """The board's own excused label, where it has one."""
    return (label for label, key in shown.bound(Kind.LABEL).items() if key == workspace.excused.key)


@dataclass(frozen=True, slots=True)
class RebuiltPart:
    """What is rebuilt of one board, or of a part of it. `waiting` are entries still to be issued."""

    entries: tuple[LedgerEntry, ...] = ()
    waiting: tuple[OccurrenceKey, ...] = ()
    uncertainties: tuple[Uncertainty, ...] = ()

    @classmethod
    def joined(cls, parts: Iterable["RebuiltPart"]) -> "RebuiltPart":
        """All parts as one, in their order."""
        known = tuple(parts)
        return cls(
            tuple(each for part in known for each in part.entries),
            tuple(each for part in known for each in part.waiting),
            tuple(each for part in known for each in part.uncertainties),
        )
