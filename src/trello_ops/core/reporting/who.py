"""Who is who in a report: declared people, and those who left."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from trello_ops.core.declared import Workspace
from trello_ops.core.ledger import LedgerEntry, Occurrence
from trello_ops.core.people import Absentee, Person
from trello_ops.core.trello import Member


@dataclass(frozen=True, slots=True)
class People:
    """Who is who: declared people, and by username those who are declared no more (`gone`).

    `keys` are all that those had, each with the one that they had last.
    """

    workspace: Workspace
    accounts: Mapping[str, str]
    gone: Mapping[str, Person]
    keys: Mapping[str, str]

    @classmethod
    def of(
        cls, workspace: Workspace, entries: Iterable[LedgerEntry], accounts: Mapping[str, str]
    ) -> "People":
        """The people of some entries; of those who left, what was frozen when these were recorded.

        `accounts` are person keys by the id of the Trello account that is bound to them.
        """
        frozen = {person.key: person for entry in entries for person in entry.occurrence.people}
        left = [person for key, person in frozen.items() if workspace.person(key) is None]
        gone = {person.username.lower(): person for person in left}
        keys = {person.key: gone[person.username.lower()].key for person in left}
        return cls(workspace, accounts, gone, keys)

    def who(self, member: Member | None) -> str | None:
        """A person's key, or the Trello username of anybody else."""
        if member is None:
            return None
        # The account that is bound, whatever it is called.
        bound = self.workspace.person(self.accounts.get(member.id, ""))
        declared = bound or self.workspace.person_of(member.username)
        person = declared or self.gone.get(member.username.lower())
        return person.key if person else member.username

    def keys_now(self, occurrence: Occurrence) -> Iterator[str]:
        """The keys that those have now to whom an occurrence was assigned."""
        frozen = {person.key: person.username for person in occurrence.people}
        for key in occurrence.assignees:
            # By the account first: somebody else may have the key by now, as where two changed places.
            by_account = self.workspace.person_of(frozen[key]) if key in frozen else None
            person = by_account or self.workspace.person(key)
            yield person.key if person else self.keys.get(key, key)

    def absentee_now(self, absentee: Absentee) -> Absentee:
        """Somebody who was away, and who took over, by the keys that they have now."""
        return replace(
            absentee, person=self._key_now(absentee.person), stand_in=self._key_now(absentee.stand_in)
        )

    def _key_now(self, key: str) -> str:
        person = self.workspace.person(key)
        return person.key if person else self.keys.get(key, key)

    def names(self, entries: Iterable[LedgerEntry]) -> dict[str, str]:
        """Names by key: of the declared people, then of who left but was assigned one of these."""
        keys = (key for entry in entries for key in self.keys_now(entry.occurrence))
        assigned = {key: self._left[key] for key in keys if key in self._left}
        return {person.key: person.name for person in self.workspace.people} | assigned

    def name(self, key: str) -> str:
        """The name of somebody by the key that they have now, also of who left; the key of anybody else."""
        person = self.workspace.person(key)
        return person.name if person else self._left.get(key, key)

    @property
    def _left(self) -> dict[str, str]:
        return {person.key: person.name for person in self.gone.values()}
