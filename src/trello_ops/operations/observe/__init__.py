"""observe: read back what people did, and append it to the ledger.

`one_pass` chooses the boards and records what is new, from what a `store_view` held when it began;
`board_reader` reads one board. What is read, and what it means, is decided in `core/tracking/`.
"""

from trello_ops.operations.observe.one_pass import observe
from trello_ops.operations.observe.store_view import unsettled_since

__all__ = ["observe", "unsettled_since"]
