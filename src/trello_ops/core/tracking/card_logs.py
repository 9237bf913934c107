"""Boards' action logs, merged card by card."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from trello_ops.core.trello import Action


@dataclass(frozen=True, slots=True)
class CardLogs:
    """What the logs read so far tell of each card, oldest first."""

    _by_card: Mapping[str, Sequence[Action]] = field(default_factory=dict)

    @classmethod
    def of(cls, actions: Iterable[Action]) -> "CardLogs":
        """The log of one board, whose actions may concern cards or anything else."""
        by_card: dict[str, list[Action]] = {}
        for action in actions:
            if action.card_id:
                by_card.setdefault(action.card_id, []).append(action)
        return cls(by_card)

    def of_card(self, card_id: str) -> Sequence[Action]:
        """A card's actions, by instant; of equal instants, by id. Empty for a card that no log names."""
        return sorted(self._by_card.get(card_id, ()), key=lambda action: (action.at, action.id))

    @property
    def card_ids(self) -> frozenset[str]:
        """The cards that the logs name."""
        return frozenset(self._by_card)

    def merged(self, actions: Iterable[Action], card_ids: Collection[str]) -> "CardLogs":
        """With what another board's log tells of these cards."""
        other = CardLogs.of(action for action in actions if action.card_id in card_ids)
        return CardLogs(
            {**self._by_card, **{c: (*self.of_card(c), *other.of_card(c)) for c in other.card_ids}}
        )

    def replaced(self, actions: Iterable[Action], card_ids: Iterable[str]) -> "CardLogs":
        """With these cards' logs read anew, from further back."""
        whole = CardLogs.of(actions)
        return CardLogs({**self._by_card, **{card_id: whole.of_card(card_id) for card_id in card_ids}})

    def boards_of(self, card_ids: Iterable[str]) -> frozenset[str]:
        """The ids of the boards where these cards went, or came from."""
        actions = (action for card_id in card_ids for action in self._by_card.get(card_id, ()))
        return frozenset(action.other_board for action in actions if action.other_board)
