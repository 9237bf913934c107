"""What an edit of `report` in workspace.yaml will do, in sentences: told before it is done."""

from collections.abc import Iterator, Mapping

from trello_ops.core.declared import ReportPolicy, Workspace
from trello_ops.messages import N_, Message, joined, say

_WHOLE = (
    N_("the weekly report will also go to %(who)s"),
    N_("the weekly report will no longer go to %(who)s"),
)
_OF_BOARD = (
    N_("the report of the board “%(board)s” will also go to %(who)s"),
    N_("the report of the board “%(board)s” will no longer go to %(who)s"),
)


def edits(old: Workspace, new: Workspace) -> Iterator[Message]:
    """Who will get reports and who no longer, and what else will be otherwise, from the next report on."""
    yield from _recipients(_WHOLE, old.report.recipients, new.report.recipients)
    before, after = _by_board(old, new), _by_board(new, new)
    titles = {board.key: board.title for board in (*old.boards, *new.boards)}
    for key in dict.fromkeys((*before, *after)):
        yield from _recipients(_OF_BOARD, before.get(key, ()), after.get(key, ()), titles.get(key, key))
    yield from _otherwise(old.report, new.report)
    if old.report.forecast or new.report.forecast:
        yield from _forecasts(old, new)


def _by_board(declared: Workspace, new: Workspace) -> Mapping[str, tuple[str, ...]]:
    """The recipients by the key that each board has now: one that was renamed goes on."""
    found = ((new.board_now(key), key, recipients) for key, recipients in declared.report.by_board)
    return {board.key if board else key: recipients for board, key, recipients in found}


def _recipients(
    words: tuple[str, str], old: tuple[str, ...], new: tuple[str, ...], board: str = ""
) -> Iterator[Message]:
    also, no_longer = words
    if come := [address for address in new if address not in old]:
        yield say(also, who=joined(come), board=board)
    if gone := [address for address in old if address not in new]:
        yield say(no_longer, who=joined(gone), board=board)


def _otherwise(old: ReportPolicy, new: ReportPolicy) -> Iterator[Message]:
    if new.target != old.target:
        yield say("the target will be %(new)s %% on time (it was %(old)s %%)", new=new.target, old=old.target)
    if new.closes_at != old.closes_at:
        yield say(
            "weeks will close on Monday at %(new)s (it was %(old)s)",
            new=f"{new.closes_at:%H:%M}",
            old=f"{old.closes_at:%H:%M}",
        )
    if new.people and not old.people:
        yield say("reports will tell each person’s own figures")
    if old.people and not new.people:
        yield say("reports will no longer tell each person’s own figures")
    if new.attach and set(new.attach) != set(old.attach):
        yield say("reports will come with these attached: %(forms)s", forms=joined(map(str, new.attach)))
    if old.attach and not new.attach:
        yield say("reports will come with nothing attached")


def _forecasts(old: Workspace, new: Workspace) -> Iterator[Message]:
    before, after = _forecast_to(old), _forecast_to(new)
    if come := [name for address, name in after.items() if address not in before]:
        yield say("%(who)s will get their own coming week by mail each Monday", who=joined(come))
    if gone := [name for address, name in before.items() if address not in after]:
        yield say("%(who)s will no longer get their own coming week by mail", who=joined(gone))


def _forecast_to(workspace: Workspace) -> Mapping[str, str]:
    """Names by address of those who get a forecast."""
    people = workspace.people if workspace.report.forecast else ()
    return {person.email: person.name for person in people if person.email}
