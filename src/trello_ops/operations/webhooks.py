"""webhooks: have Trello call us about every board that is declared, and about no other."""

from collections.abc import Iterable

import structlog

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.planning.webhooks import WebhookCare, webhook_care
from trello_ops.core.trello import Webhook
from trello_ops.errors import OUT_OF_REACH, TrelloError
from trello_ops.operations.availability import out_of_reach
from trello_ops.operations.context import Context

log = structlog.get_logger()


def keep_webhooks(context: Context, callback: str | None) -> None:
    """Make, set right and remove what is ours, so that each declared board calls `callback` once.

    Without `callback` all of ours are removed; where there is none, nothing is asked of Trello. The trouble
    of one board stops no other, and is a problem `board:webhook`, left alone for growing pauses. Raises one
    of `OUT_OF_REACH`.
    """
    services, bindings = context.services, context.store.bindings()
    boards = _boards(bindings) if callback else _boards(bindings, Kind.WEBHOOK)
    listed = services.trello.webhooks() if boards else ()
    at_rest = context.paused_subjects()
    for board in boards:
        if context.stopping():
            break
        if _subject(board) in at_rest:
            continue
        try:
            _tend(context, board, bindings, listed, callback)
            services.store.clear_problem(_subject(board))
        except TrelloError as error:
            if out_of_reach(services, error):
                raise
            context.note_failure(_subject(board), error)
            log.warning("webhook.failed", board=board, error=str(error))


def _boards(bindings: Bindings, *kinds: Kind) -> tuple[str, ...]:
    """The boards that have a binding of one of these kinds; by default, those that may have a webhook."""
    wanted = kinds or (Kind.BOARD, Kind.WEBHOOK)
    return tuple(dict.fromkeys(binding.board for binding in bindings if binding.kind in wanted))


def _subject(board: str) -> str:
    return f"{board}:webhook"


def _tend(
    context: Context, board: str, bindings: Bindings, listed: Iterable[Webhook], callback: str | None
) -> None:
    board_id, bound = bindings.id(Kind.BOARD, board), bindings.id(Kind.WEBHOOK, board)
    wanted = callback is not None and board_id is not None and context.workspace.board(board) is not None
    needs = webhook_care(listed, board_id=board_id, bound=bound, callback=callback, wanted=wanted)
    for each in needs.remove:
        context.trello.remove_webhook(each.id)
        log.info("webhook.removed", board=board, webhook=each.id)
    if callback and board_id and wanted:
        kept = _kept(context, board, board_id, callback, needs)
        _remember(context, board, kept, bound)
    elif bound:
        context.store.unbind(Kind.WEBHOOK, board)


def _kept(context: Context, board: str, board_id: str, callback: str, needs: WebhookCare) -> Webhook:
    if needs.keep and needs.right:
        return needs.keep
    if needs.keep:
        kept = context.trello.ensure_webhook(board_id, callback, needs.keep.id)
        log.info("webhook.mended", board=board, webhook=kept.id)
        return kept
    kept = _made(context, board_id, callback)
    log.info("webhook.made", board=board, webhook=kept.id)
    return kept


def _made(context: Context, board_id: str, callback: str) -> Webhook:
    """Where the answer was lost, or Trello refuses a second one like it, it is there to be seen."""
    trello = context.trello
    try:
        return trello.ensure_webhook(board_id, callback)
    except OUT_OF_REACH:
        raise
    except TrelloError:
        same = (each for each in trello.webhooks() if (each.model_id, each.callback) == (board_id, callback))
        found = next(same, None)
        if found is None:
            raise
        return found


def _remember(context: Context, board: str, kept: Webhook, bound: str | None) -> None:
    if kept.id != bound:
        now = context.clock.now()
        context.store.bind(Binding(Kind.WEBHOOK, board, "", kept.id, now, "", kept.callback))
