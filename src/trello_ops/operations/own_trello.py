"""A store belongs to the Trello that it first wrote to, and refuses another.

The ids that a store remembers mean nothing elsewhere: there its boards would count as gone, its cards as
missed, and what it has issued here would never be made.
"""

from trello_ops.core.bindings import Binding, Kind
from trello_ops.core.identity import Difference, TrelloIdentity
from trello_ops.errors import NotFound, OtherTrello, TokenRefused, Unauthorised
from trello_ops.messages import Message, say
from trello_ops.operations.context import Context


def require_own_trello(context: Context, *, ask: bool = True) -> None:
    """Raise `OtherTrello` if the store belongs to another Trello than this, account or Trello Workspace.

    A store that is bound to none is left so, unless an older program made its boards here. Without `ask`, it
    goes by what Trello told this process before, or by the address alone.
    """
    found, bound = _found(context, ask=ask), context.store.trello()
    if bound is None:
        _adopt_older(context, found)
    elif difference := bound.difference(found):
        raise OtherTrello(
            say(
                "the store %(store)s belongs to another Trello: %(bound)s. The settings lead to: %(found)s."
                " Nothing was done. %(advice)s",
                store=context.store.name,
                bound=bound.sentence(),
                found=found.sentence(),
                advice=_advice(bound, found, difference),
            )
        )
    elif bound != bound.told(found):
        context.store.bind_trello(bound.told(found))


def robot_accounts(context: Context) -> frozenset[str]:
    """The id of the account by which the robot acts here, as Trello told this process before; else empty."""
    return frozenset(filter(None, [_found(context, ask=False).member_id]))


def bind_trello(context: Context) -> None:
    """Bind the store to this Trello, if it is bound to none. To be called before the first write."""
    if context.store.trello() is None:
        context.store.bind_trello(_found(context))


def rebind_trello(context: Context) -> None:
    """Bind the store to this Trello, account and Trello Workspace, if all of its declared boards are there.

    Raises `OtherTrello` where one is not: it would count as deleted.
    """
    found = _found(context)
    missing = [
        board.title
        for board in context.workspace.boards
        for bound in context.store.bindings(board.key)
        if bound.kind is Kind.BOARD and not _is_there(context, bound)
    ]
    if missing:
        raise OtherTrello(
            say(
                "%(found)s does not show these boards of the store %(store)s: %(boards)s. The store stays"
                " bound as it is. Invite the account to them, or give this Trello a store of its own.",
                found=found.sentence(),
                store=context.store.name,
                boards=", ".join(missing),
            )
        )
    context.store.bind_trello(found)


def _found(context: Context, *, ask: bool = True) -> TrelloIdentity:
    return context.trello.identity(context.workspace.trello_workspace, ask=ask)


def _adopt_older(context: Context, found: TrelloIdentity) -> None:
    """Bind a store from before stores were bound, if one of its boards is here. One without boards is new."""
    boards = [binding for binding in context.store.bindings() if binding.kind is Kind.BOARD]
    # Without the account, nothing but the address is known yet: a later pass decides.
    if not boards or not found.member_id:
        return
    if not any(_is_there(context, board) for board in boards):
        raise OtherTrello(
            say(
                "not one board of the store %(store)s is at %(found)s: it belongs to another Trello, and"
                " nothing was done. To go on there, correct TRELLO_OPS_TRELLO_URL; to go on here, name"
                " another store in TRELLO_OPS_DATABASE_URL, or move this one away and run"
                " `trello-ops apply --new-store`.",
                store=context.store.name,
                found=found.sentence(),
            )
        )
    context.store.bind_trello(found)


def _is_there(context: Context, board: Binding) -> bool:
    """Whether the account sees the board, be it closed."""
    try:
        context.trello.snapshot(board.trello_id)
    except TokenRefused:
        raise
    except (NotFound, Unauthorised):
        return False
    return True


def _advice(bound: TrelloIdentity, found: TrelloIdentity, difference: Difference) -> Message:
    """What to do about another Trello."""
    if difference is Difference.ACCOUNT:
        return say(
            "Put back the token of @%(bound)s; or, if @%(found)s is to go on in its place, run"
            " `trello-ops apply --rebind`.",
            bound=bound.username,
            found=found.username,
        )
    if difference is Difference.WORKSPACE:
        return say(
            "Put back `trello_workspace: %(bound)s`; or, if the boards were moved to the other Workspace, run"
            " `trello-ops apply --rebind`.",
            bound=bound.workspace_name,
        )
    if bound.world and found.world:
        return say(
            "A local Trello is a new one at each start without its --data file. To begin anew with this one,"
            " move the store away and run `trello-ops apply --new-store`."
        )
    return say(
        "To go on there, correct TRELLO_OPS_TRELLO_URL; to go on here, name another store in"
        " TRELLO_OPS_DATABASE_URL, or move this one away and run `trello-ops apply --new-store`."
    )
