"""What Trello says of the token, its account and its webhooks, and what time it is there."""

import datetime as dt
from contextlib import closing
from typing import Final

from trello_ops.adapters.store import open_store
from trello_ops.adapters.trello import webhook
from trello_ops.core.identity import TrelloIdentity
from trello_ops.core.tolerances import MAX_CLOCK_DIFFERENCE
from trello_ops.core.trello import Grant
from trello_ops.doctor.finding import Finding, Level, Patient
from trello_ops.doctor.of_store import can_be_opened
from trello_ops.errors import NotFound, TokenRefused
from trello_ops.messages import joined, say
from trello_ops.own_store import store_address

_SOON: Final = dt.timedelta(days=14)
_APART: Final = dt.timedelta(seconds=60)

_NEW_TOKEN: Final = say(
    "Make a new token as the same account, with the scopes read and write and without an end, put it into"
    " TRELLO_OPS_TRELLO_TOKEN, and restart the robot."
)


def token(patient: Patient) -> Finding:
    """Whether Trello takes the token, what it may do, and how long."""
    try:
        grant = patient.trello().grant()
    except (TokenRefused, NotFound) as error:
        return Finding("token", Level.BROKEN, error.message, _NEW_TOKEN)
    lacking = [right for right, granted in _rights(grant).items() if not granted]
    if lacking:
        said = say("it lacks rights: %(rights)s", rights=joined(lacking))
        return Finding("token", Level.BROKEN, said, _NEW_TOKEN)
    if grant.expires_at is None:
        return Finding("token", Level.FINE, say("it may read and write, and never expires"))
    said = say("it may read and write, until %(day)s", day=grant.expires_at.date().isoformat())
    soon = grant.expires_at - patient.clock.now() < _SOON
    return Finding("token", Level.LOOK if soon else Level.FINE, said, _NEW_TOKEN if soon else "")


def _rights(grant: Grant) -> dict[str, bool]:
    """What the robot needs, in words, and whether it has it."""
    return {
        say("to read boards"): "Board" in grant.reads,
        say("to change boards"): "Board" in grant.writes,
        say("to read the Trello Workspace"): "Organization" in grant.reads,
        say("to make boards in it"): "Organization" in grant.writes,
    }


def account(patient: Patient) -> Finding:
    """Which account it is, whether it sees the Trello Workspace, and whether the store is another's."""
    workspace = patient.workspace()
    if workspace is None:
        said = say("not checked, as the files do not say which Trello Workspace it is")
        return Finding("account", Level.LOOK, said, say("Correct the files first."))
    found = patient.trello().identity(workspace.trello_workspace)
    if not found.workspace_id:
        said = say(
            "@%(account)s does not see the Trello Workspace `%(workspace)s`",
            account=found.username,
            workspace=workspace.trello_workspace,
        )
        advice = say("Invite the account, or correct `trello_workspace` in boards/workspace.yaml.")
        return Finding("account", Level.BROKEN, said, advice)
    before = _of_store(patient, workspace.key)
    if before and before.difference(found):
        said = say(
            "the store belongs to %(store)s, and not to %(found)s",
            store=before.sentence(),
            found=found.sentence(),
        )
        return Finding("account", Level.BROKEN, said, say("`trello-ops apply` says how to go on."))
    return Finding("account", Level.FINE, found.sentence())


def _of_store(patient: Patient, key: str) -> TrelloIdentity | None:
    """The Trello that the store belongs to; `None` where none can be opened without changing it."""
    url = store_address(patient.settings)
    if not can_be_opened(url):
        return None
    with closing(open_store(url, key)) as store:
        return store.trello()


def clock(patient: Patient) -> Finding:
    """Whether this machine's clock and Trello's agree."""
    theirs = patient.trello().time(fresh=True)
    apart = abs(theirs - patient.clock.now())
    said = say("it and Trello's are %(seconds)s seconds apart", seconds=round(apart.total_seconds()))
    if apart <= _APART:
        return Finding("clock", Level.FINE, said)
    level = Level.BROKEN if apart > MAX_CLOCK_DIFFERENCE else Level.LOOK
    return Finding("clock", level, said, say("Set the machine's clock, best by NTP."))


def webhooks(patient: Patient) -> Finding:
    """Whether Trello tells of the boards, where it is asked to."""
    callback = webhook.callback(patient.settings.public_url)
    if callback is None:
        said = say("none, as TRELLO_OPS_PUBLIC_URL is not set; what people do is seen at the next poll")
        return Finding("webhooks", Level.FINE, said)
    ours = [each for each in patient.trello().webhooks() if each.callback == callback]
    active = {each.model_id for each in ours if each.active}
    workspace = patient.workspace()
    boards = len(workspace.boards) if workspace else 0
    said = say("Trello calls about %(active)s of %(boards)s boards", active=len(active), boards=boards)
    if len(active) >= boards:
        return Finding("webhooks", Level.FINE, said)
    advice = say(
        "The running robot makes them within minutes; where it does not, `trello-ops status` says why."
    )
    return Finding("webhooks", Level.LOOK, said, advice)
