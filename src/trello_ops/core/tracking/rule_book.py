"""Which lists and labels give cards their meaning, on every board."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.declared import DONE, Workspace
from trello_ops.core.tracking.criteria import CardRules


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules of all boards, collected once in a pass; `excused` are the excused labels by board key."""

    done_lists: frozenset[str]
    put_away_lists: frozenset[str]
    excused_lists: frozenset[str]
    excused: Mapping[str, Binding]

    @classmethod
    def of(cls, workspace: Workspace, bindings: Bindings) -> "RuleBook":
        """The rules as declared, for what is bound; done lists and labels of retired boards count too."""
        put_away = (bindings.id(Kind.LIST, b.key, key) for b in workspace.boards for key in b.put_away_lists)
        excused_lists = (bindings.id(Kind.LIST, b.key, b.excused_list) for b in workspace.boards)
        return cls(
            done_lists=frozenset(b.trello_id for b in bindings if b.kind is Kind.LIST and b.key == DONE),
            put_away_lists=frozenset(filter(None, put_away)),
            excused_lists=frozenset(filter(None, excused_lists)),
            excused={b.board: b for b in bindings if b.kind is Kind.LABEL and b.key == workspace.excused.key},
        )

    def on_board(self, board: str, label_ids: Collection[str]) -> CardRules:
        """The rules for the cards on a board that has the labels of these ids."""
        excused = self.excused.get(board)
        # A label that somebody deleted from the whole board says nothing of its cards any more.
        there = excused is not None and excused.trello_id in label_ids
        return CardRules(
            done_lists=self.done_lists,
            excused_label=excused.trello_id if excused and there else None,
            excused_since=excused.bound_at if excused else None,
            put_away_lists=self.put_away_lists,
            excused_lists=self.excused_lists,
            # By id: a renamed board has its label under both keys.
            excused_elsewhere=frozenset(b.trello_id for b in self.excused.values())
            - {excused.trello_id if excused else ""},
        )
