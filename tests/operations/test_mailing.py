"""What is owed is sent: once, to everybody who can be reached, and with growing pauses to the others."""

import datetime as dt
import threading
from dataclasses import replace

import pytest
from shop_kit import Shop, parcels_shop

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.claims import ClaimKey
from trello_ops.core.declared import ReportPolicy
from trello_ops.core.mails import OwedMail, kind_of_board, reports_of
from trello_ops.core.reporting.report import Report
from trello_ops.errors import MailError, MailOutcomeUnknown, MailRefused
from trello_ops.operations import mailing
from trello_ops.operations.claims import renewing, take
from trello_ops.operations.leases import LeasePolicy
from trello_ops.operations.mailing import MAIL, owed_mails, send_owed
from trello_ops.operations.report import account
from trello_ops.ports import Mail
from trello_ops.ports.heartbeat import NoHeartbeat

WEEK = IsoWeek(2026, 47)
ONE, TWO, THREE = "anna@example.org", "bruno@example.org", "chloe@example.org"


class Post:
    """A mailbox that answers each recipient as it is told to, and counts what it is asked."""

    def __init__(self) -> None:
        self.identity = "post"
        self.troubles: dict[str, MailError] = {}
        self.asked: list[str] = []
        self.sent: list[Mail] = []

    def send(self, mail: Mail, at: dt.datetime, confirm=lambda: None) -> None:
        self.asked.append(mail.recipient)
        trouble = self.troubles.get(mail.recipient) or self.troubles.get("*")
        if trouble:
            raise trouble
        confirm()
        self.sent.append(mail)


@pytest.fixture
def shop() -> Shop:
    """A closed week that three recipients are owed, and one who answers for them."""
    shop = parcels_shop()
    declare(shop, ONE, TWO, THREE)
    shop.outbox = Post()  # type: ignore[assignment]
    freeze(shop, WEEK, ONE, TWO, THREE)
    return shop


def freeze(shop: Shop, week: IsoWeek, *recipients: str) -> None:
    shop.store.freeze(account(shop.context(), week), reports_of(ReportPolicy(recipients), week))


def declare(shop: Shop, *recipients: str) -> None:
    shop.workspace = replace(shop.workspace, report=ReportPolicy(recipients))


def post_of(shop: Shop) -> Post:
    return shop.outbox  # type: ignore[return-value]


def subjects(shop: Shop) -> list[str]:
    return [problem.subject for problem in shop.store.problems()]


def passes(shop: Shop, hours: float) -> int:
    """How often somebody was asked, with a pass each minute."""
    before = len(post_of(shop).asked)
    for _ in range(round(hours * 60)):
        shop.advance(seconds=60)
        send_owed(shop.context())
    return len(post_of(shop).asked) - before


# ---- refusals


def test_one_recipients_refusal_holds_up_no_other(shop: Shop) -> None:
    post_of(shop).troubles[ONE] = MailRefused("550 no such user", permanent=True)
    assert send_owed(shop.context()) == 2
    assert [mail.recipient for mail in post_of(shop).sent] == [TWO, THREE]
    assert subjects(shop) == [f"job:mail:{WEEK}:{ONE}"]


def test_a_permanent_refusal_is_told_and_left_alone(shop: Shop) -> None:
    post_of(shop).troubles[ONE] = MailRefused("550 no such user", permanent=True)
    send_owed(shop.context())
    (problem,) = shop.store.problems()
    assert "550 no such user. It is left alone until the mail settings or the recipients" in problem.message
    assert "`trello-ops report --week 2026-W47 --send`" in problem.message
    assert passes(shop, hours=24) == 0
    shop.restart()
    assert passes(shop, hours=1) == 0


@pytest.mark.parametrize("change", ["settings", "recipients", "asked"])
def test_a_change_or_a_person_has_it_tried_again(shop: Shop, change: str) -> None:
    post_of(shop).troubles[ONE] = MailRefused("550 no such user", permanent=True)
    send_owed(shop.context())
    post_of(shop).troubles.clear()
    if change == "settings":
        post_of(shop).identity = "another password"
    if change == "recipients":
        declare(shop, ONE, TWO)
    assert send_owed(shop.context(), asked=change == "asked") == 1
    assert subjects(shop) == []


def test_a_refused_login_is_tried_once_for_all_mails_and_left(shop: Shop) -> None:
    post_of(shop).troubles["*"] = MailError("answered 535 to user 'robot'", permanent=True)
    assert send_owed(shop.context()) == 0
    assert post_of(shop).asked == [ONE]
    assert subjects(shop) == [MAIL]
    assert passes(shop, hours=24) == 0
    post_of(shop).troubles.clear()
    post_of(shop).identity = "another password"
    assert send_owed(shop.context()) == 3
    assert subjects(shop) == []


def test_a_new_week_is_one_more_try_for_a_refused_login(shop: Shop) -> None:
    post_of(shop).troubles["*"] = MailError("535", permanent=True)
    send_owed(shop.context())
    freeze(shop, WEEK.next(), ONE)
    assert passes(shop, hours=2) == 1


def test_a_server_that_takes_nothing_for_now_is_asked_after_growing_pauses(shop: Shop) -> None:
    post_of(shop).troubles["*"] = MailError("421 too many connections")
    send_owed(shop.context())
    assert post_of(shop).asked == [ONE]
    assert passes(shop, hours=1) == 5  # after 1, 2, 4, 8, 16 minutes
    assert passes(shop, hours=24) < 30
    post_of(shop).troubles.clear()
    assert passes(shop, hours=1) == 3
    assert owed_mails(shop.context()) == ()


def test_a_recipient_who_is_put_off_has_pauses_of_their_own(shop: Shop) -> None:
    post_of(shop).troubles[TWO] = MailRefused("450 greylisted")
    assert send_owed(shop.context()) == 2
    assert passes(shop, hours=1) == 5
    assert set(post_of(shop).asked[3:]) == {TWO}


def test_who_is_no_recipient_any_more_gets_nothing_and_is_no_problem(shop: Shop) -> None:
    post_of(shop).troubles[ONE] = MailRefused("550 no such user", permanent=True)
    send_owed(shop.context())
    declare(shop, TWO, THREE)
    send_owed(shop.context())
    assert (subjects(shop), owed_mails(shop.context())) == ([], ())


def test_a_report_names_no_recipient(shop: Shop) -> None:
    for trouble in (ONE, TWO):
        post_of(shop).troubles[trouble] = MailRefused("550", permanent=True)
    send_owed(shop.context())
    assert account(shop.context(), WEEK.next()).system == (MAIL,)


def test_each_mail_that_goes_out_is_a_sign_of_life(shop: Shop) -> None:
    context, beats = shop.context(), []

    class Heart(NoHeartbeat):
        def went_well(self) -> None:
            beats.append(len(post_of(shop).sent))

    post_of(shop).troubles[TWO] = MailRefused("550", permanent=True)
    send_owed(replace(context, services=replace(context.services, heartbeat=Heart())))
    assert beats == [1, 2]


def test_what_is_refused_is_told_by_the_second_channel_once(shop: Shop) -> None:
    context, told = shop.context(), []

    class Channel:
        def tell(self, title: str, text: str) -> bool:
            told.append(text)
            return True

    post_of(shop).troubles[TWO] = MailRefused("550 no such user", permanent=True)
    for _ in range(3):
        send_owed(replace(context, services=replace(context.services, notifier=Channel())))
        shop.advance(days=1)
    (text,) = told
    assert text.startswith("550 no such user. It is left alone")


def test_a_board_has_its_own_mail_and_its_own_trouble(shop: Shop) -> None:
    board = OwedMail(WEEK.next(), ONE, kind_of_board("daily"))
    shop.workspace = replace(shop.workspace, report=ReportPolicy((TWO, THREE), by_board=(("daily", (ONE,)),)))
    shop.store.freeze(account(shop.context(), WEEK.next()), [board])
    post_of(shop).troubles[ONE] = MailRefused("550", permanent=True)
    assert send_owed(shop.context()) == 2
    assert subjects(shop) == [f"job:mail:{WEEK.next()}/board:daily:{ONE}"]
    post_of(shop).troubles.clear()
    declare(shop, TWO, THREE)
    assert send_owed(shop.context()) == 0, "nobody is owed it any more"
    assert subjects(shop) == []


# ---- unknown


def test_after_an_unknown_sending_pauses_grow_up_to_a_day(shop: Shop) -> None:
    post_of(shop).troubles[ONE] = MailOutcomeUnknown("no answer")
    assert send_owed(shop.context()) == 2
    assert subjects(shop) == [f"job:mail:{WEEK}:{ONE}"]
    assert shop.store.claims() == ()
    assert passes(shop, hours=4 / 60) == 0
    assert passes(shop, hours=1 / 60) == 1  # after 5 minutes, then 10, 20, 40 …
    assert passes(shop, hours=24) == 7
    assert passes(shop, hours=48) <= 3


def test_a_restart_does_not_shorten_the_pause_after_an_unknown_sending(shop: Shop) -> None:
    post_of(shop).troubles[ONE] = MailOutcomeUnknown("no answer")
    send_owed(shop.context())
    shop.restart()
    assert passes(shop, hours=4 / 60) == 0


def test_another_process_that_waited_for_the_claim_keeps_the_pause(shop: Shop, monkeypatch) -> None:
    post_of(shop).troubles[ONE] = MailOutcomeUnknown("no answer")
    original = mailing.take
    inner = []

    def take_late(context, key):  # the other one tries, fails and gives the claim back right before
        if not inner:
            inner.append(True)
            send_owed(shop.context("two"))
        return original(context, key)

    monkeypatch.setattr(mailing, "take", take_late)
    send_owed(shop.context("one"))
    assert post_of(shop).asked.count(ONE) == 1


def test_a_crash_between_sending_and_noting_sends_again_under_the_same_message_id(shop: Shop) -> None:
    declare(shop, ONE)
    original = shop.store.sent

    class Dead(BaseException):
        pass

    def die(*_: object) -> None:
        raise Dead

    shop.store.sent = die  # type: ignore[method-assign]
    with pytest.raises(Dead):
        send_owed(shop.context())
    shop.store.sent = original  # type: ignore[method-assign]
    assert passes(shop, hours=4 / 60) == 0
    assert passes(shop, hours=2) == 1
    assert len({mail.message_id for mail in post_of(shop).sent}) == 1
    assert len(post_of(shop).sent) == 2
    assert (shop.store.problems(), shop.store.claims()) == ((), ())


def test_what_another_process_had_in_hand_is_told_and_not_sent_at_once(shop: Shop) -> None:
    soon = shop.clock.now() + dt.timedelta(minutes=3)
    shop.store.claim(f"mail:{WEEK}:{ONE}", "a process that was stopped", soon)
    passes(shop, hours=5 / 60)
    assert ONE not in post_of(shop).asked
    (problem,) = shop.store.problems()
    assert problem.subject == f"job:mail:{WEEK}:{ONE}"
    assert "it may have gone out" in problem.message
    assert shop.store.claims() == ()
    passes(shop, hours=3 / 60)
    assert post_of(shop).asked.count(ONE) == 1
    assert shop.store.problems() == ()


def test_a_crash_right_after_sending_leaves_neither_claim_nor_trouble(shop: Shop) -> None:
    assert send_owed(shop.context()) == 3
    shop.store.claim(f"mail:{WEEK}:{ONE}", "a process that died", shop.clock.now())
    shop.store.note_problem(MAIL, "no mail server", shop.clock.now())
    shop.store.note_problem(f"job:mail:{WEEK}:{ONE}", "refused", shop.clock.now())
    send_owed(shop.context())
    assert shop.store.problems() == ()
    shop.settle()
    assert send_owed(shop.context()) == 0
    assert shop.store.claims() == ()


# ---- claims that outlast a slow server


def quick(shop: Shop, holder: str, lease: float = 0.3):
    """A context whose claims can be taken over after less than a second, by the machine's clock."""
    context = shop.context(holder)
    return replace(context, config=replace(context.config, lease_policy=LeasePolicy(0.1, lease, 0.05)))


def test_a_claim_is_renewed_as_long_as_a_server_takes(shop: Shop) -> None:
    context = quick(shop, "one")
    held = take(context, ClaimKey.of_mail(owed_mails(context)[0]))
    assert held is not None
    first = held.claim.version
    with renewing(context, held) as confirm:
        threading.Event().wait(0.5)
        renewed = held.claim.version
        confirm()
    assert len({first, renewed, held.claim.version}) == 3
    assert shop.store.claims() == (held.claim,)
    threading.Event().wait(0.2)
    assert shop.store.claims() == (held.claim,), "nobody renews what is over"


def test_a_mail_whose_claim_was_lost_does_not_leave(shop: Shop) -> None:
    declare(shop, ONE)

    class Frozen(Post):
        def send(self, mail: Mail, at: dt.datetime, confirm=lambda: None) -> None:
            (claim,) = shop.store.claims()
            assert shop.store.renew(claim, "another process")
            super().send(mail, at, confirm)

    shop.outbox = Frozen()  # type: ignore[assignment]
    assert send_owed(shop.context()) == 0
    assert post_of(shop).sent == []
    assert [claim.holder for claim in shop.store.claims()] == ["another process"]


# ---- what cannot be made


def test_a_mail_that_cannot_be_made_holds_up_no_other(shop: Shop) -> None:
    context = shop.context()

    def rendered(report: Report, mail: OwedMail) -> Mail:
        if mail.recipient == ONE:
            raise ZeroDivisionError
        return context.render_report(report, mail)

    assert send_owed(replace(context, render_report=rendered)) == 2
    assert [mail.recipient for mail in owed_mails(context)] == [ONE]
    (problem,) = shop.store.problems()
    assert "ZeroDivisionError" in problem.message
    assert not shop.store.claims()
    shop.advance(hours=1)
    assert send_owed(shop.context()) == 1
    assert not shop.store.problems()
