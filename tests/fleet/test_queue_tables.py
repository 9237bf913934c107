"""The queue's tables are made once, however many nodes start at the same time."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from uuid import uuid4

import pytest

from trello_ops.adapters.store.postgres import open_server
from trello_ops.demo.postgres import Server
from trello_ops.fleet import queue_tables

pytestmark = pytest.mark.slow


def test_of_several_nodes_that_start_at_once_one_makes_the_tables(postgres: Server) -> None:
    address = postgres.create(f"queue_{uuid4().hex}")
    with ExitStack() as stack, ThreadPoolExecutor(4) as pool:
        databases = [stack.enter_context(closing(open_server(address))) for _ in range(4)]
        for made in [pool.submit(queue_tables.prepare, each) for each in databases]:
            made.result()
        queue_tables.prepare(databases[0])
