"""An answer by drips holds up nothing but its own card, which is made once all the same."""

import time

from live_kit import TODAY, Shop

from trello_ops.core.ledger import OccurrenceKey


def test_a_card_whose_answer_comes_by_drips_holds_up_no_other_and_is_made_once(shop: Shop) -> None:
    trello = shop.trello
    with trello.app(shop.folder, shop.clock, request_timeout_seconds=1) as app:
        # The drips alone would go on for some hours.
        trello.fault(method="POST", path="/1/cards$", trickle=5, by="robot")
        issue = next(job for job in app.jobs() if job.name == "issue")
        begun = time.monotonic()
        assert app.run(issue) is None
        assert time.monotonic() - begun < 30
        store = app.services.store
        (claim,) = store.claims()
        assert claim.unknown
        entries = {key: store.entry(OccurrenceKey.parse(key)) for key in TODAY}
        assert [key for key, entry in entries.items() if not (entry and entry.card)] == [claim.key]
        (problem,) = store.problems()
        assert problem.subject == claim.key.rpartition("/")[0]
        shop.heal()
        shop.check_today()
