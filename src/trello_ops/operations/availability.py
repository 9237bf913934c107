"""Whether Trello is out of reach, or fails for one thing alone."""

from trello_ops.errors import OUT_OF_REACH, TrelloError, Unavailable
from trello_ops.ports import Services


def out_of_reach(services: Services, error: TrelloError) -> bool:
    """Whether every request would meet the same, so that a pass had better end.

    What fails on Trello's side may fail for one board alone: then something cheap is answered.
    """
    if not isinstance(error, Unavailable):
        return isinstance(error, OUT_OF_REACH)
    try:
        services.trello.time(fresh=True)
    except TrelloError:
        return True
    return False
