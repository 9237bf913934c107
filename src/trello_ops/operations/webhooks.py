"""webhooks: have Trello call us about every board that is declared, and about no other."""

from collections.abc import Iterable

import structlog

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.planning.webhooks import WebhookCare, webhook_care
from trello_ops.core.problems import BoardMatter
from trello_ops.core.trello import Webhook
from trello_ops.errors import OUT_OF_REACH, TrelloError
from trello_ops.operations.availability import out_of_reach
from trello_ops.operations.context import Context
from trello_ops.operations.own_trello import require_own_trello
from trello_ops.operations.problems import matter_subject

log = structlog.get_logger()


def keep_webhooks(context: Context, callback: str | None) -> None:
    """Make, set right and remove what is ours, so that each declared board calls `callback` once.

    Without `callback` all of ours are removed; as long as there are none, Trello is not asked. The trouble of
    one board stops no other; it is a problem `board:webhook`, left alone for growing pauses. Raises one of
    `OUT_OF_REACH`, and `OtherTrello`.
    """
    services, bindings = context.services, context.store.bindings()
    boards = _boards(bindings) if callback else _boards(bindings, Kind.WEBHOOK)
    if boards:
        require_own_trello(context)
    listed = services.trello.webhooks() if boards else ()
    at_rest = context.paused_subjects()
    for board in boards:
        if context.stopping():
            break
        subject = matter_subject(board, BoardMatter.WEBHOOK)
        if subject in at_rest:
            continue
        try:
            _tend(context, board, bindings, listed, callback)
            services.store.clear_problem(subject)
        except TrelloError as error:
            if out_of_reach(services, error):
                raise
            context.note_failure(subject, error)
            log.warning("webhook.failed", board=board, error=str(error))


def _boards(bindings: Bindings, *kinds: Kind) -> tuple[str, ...]:
    """The boards that have a binding of one of these kinds; by default, those that may have a webhook."""
    wanted = kinds or (Kind.BOARD, Kind.WEBHOOK)
    return tuple(dict.fromkeys(binding.board for binding in bindings if binding.kind in wanted))


def _tend(
    context: Context, board: str, bindings: Bindings, listed: Iterable[Webhook], callback: str | None
) -> None:
    """Leave the board with the one webhook that it needs, or with none."""
    board_id, bound = bindings.id(Kind.BOARD, board), bindings.id(Kind.WEBHOOK, board)
    declared = context.workspace.board(board) is not None
    others = (bindings.id(Kind.BOARD, each.key) for each in context.workspace.boards)
    if not declared and board_id in others:
        return  # a renamed board, which is tended under its present key
    wanted = callback is not None and board_id is not None and declared
    needs = webhook_care(listed, board_id=board_id, bound=bound, callback=callback, wanted=wanted)
    # First, as Trello takes one webhook for an address and board (trello-behaviour.md#webhooks).
    for each in needs.remove:
        context.trello.remove_webhook(each.id)
        log.info("webhook.removed", board=board, webhook=each.id)
    if callback and board_id and wanted:
        kept = _ensure(context, board, board_id, callback, needs)
        if kept.id != bound:
            now = context.clock.now()
            context.store.bind(Binding(Kind.WEBHOOK, board, "", kept.id, now, "", kept.callback))
    elif bound:
        context.store.unbind(Kind.WEBHOOK, board)


def _ensure(context: Context, board: str, board_id: str, callback: str, needs: WebhookCare) -> Webhook:
    """The board's webhook, mended or made if need be."""
    trello, kept = context.trello, needs.keep
    if kept and needs.right:
        return kept
    if kept:
        mended = trello.ensure_webhook(board_id, callback, kept.id)
        log.info("webhook.mended", board=board, webhook=mended.id)
        return mended
    try:
        made = trello.ensure_webhook(board_id, callback)
    except OUT_OF_REACH:
        raise
    except TrelloError:
        # The answer may be lost, or Trello refuses a second webhook like the first: look if it is there.
        same = (each for each in trello.webhooks() if (each.model_id, each.callback) == (board_id, callback))
        there = next(same, None)
        if there is None:
            raise
        made = there
    log.info("webhook.made", board=board, webhook=made.id)
    return made
