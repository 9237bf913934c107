"""Whether Trello is out of reach, or fails for one thing alone."""

from trello_ops.errors import OUT_OF_REACH, TrelloError, Unavailable
from trello_ops.ports import Services


def out_of_reach(services: Services, error: TrelloError) -> bool:
    """Whether every request would meet the same error, so that the pass should end."""
    if not isinstance(error, Unavailable):
        return isinstance(error, OUT_OF_REACH)
    # Trello may fail for one board alone: then a cheap request still gets an answer.
    try:
        services.trello.time(fresh=True)
    except TrelloError:
        return True
    return False
