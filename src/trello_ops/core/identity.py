"""Which Trello it is, and by which account it is seen: a store belongs to one."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from trello_ops.messages import Message, say


class Difference(StrEnum):
    """In what two identities differ. `TRELLO`: nothing of the one is to be found at the other."""

    TRELLO = "trello"
    ACCOUNT = "account"
    WORKSPACE = "workspace"


@dataclass(frozen=True, slots=True)
class TrelloIdentity:
    """A Trello, the account that the token stands for, and the Trello Workspace of the files.

    `world` is the id by which a local Trello differs from every other one; Trello itself has none. Without
    `member_id`, nothing but the address is known yet. `workspace_id` is empty where Trello does not show the
    Workspace.
    """

    address: str
    world: str = ""
    member_id: str = ""
    username: str = ""
    workspace_id: str = ""
    workspace_name: str = ""

    def difference(self, found: "TrelloIdentity") -> Difference | None:
        """In what `found` differs from this one; `None` for the same, as far as both are known."""
        # A local Trello may be served at another address: its data file tells which it is.
        elsewhere = found.address != self.address and not (found.world and found.world == self.world)
        if elsewhere or (found.world != self.world and (found.member_id or found.world)):
            return Difference.TRELLO
        if found.member_id and found.member_id != self.member_id:
            return Difference.ACCOUNT
        if found.workspace_id and self.workspace_id and found.workspace_id != self.workspace_id:
            return Difference.WORKSPACE
        return None

    def told(self, found: Self) -> Self:
        """The same one as it was seen last, which may have new names, or another address."""
        if found.workspace_id or not found.member_id:
            return found if found.member_id else self
        return replace(found, workspace_id=self.workspace_id, workspace_name=self.workspace_name)

    def sentence(self) -> Message:
        """For messages: where it is, and who sees it."""
        where = (
            say("the local Trello %(world)s at %(address)s", world=self.world[:6], address=self.address)
            if self.world
            else self.address
        )
        if not self.member_id:
            return where if isinstance(where, Message) else Message("%(trello)s", {"trello": where})
        return say(
            "%(trello)s (account @%(account)s, Workspace `%(workspace)s`)",
            trello=where,
            account=self.username,
            workspace=self.workspace_name or "?",
        )
