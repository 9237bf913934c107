"""What an edit of the files will do, in sentences: told before it is done."""

from collections.abc import Callable, Collection, Iterator, Mapping

from trello_ops.core.planning.differences import Alarm, Difference, Noun, Turn
from trello_ops.core.planning.named_dates import LateStart, MovedDate
from trello_ops.messages import N_, Message, joined, say, say_count

OpenCards = Mapping[str, int]
"""How many open cards a task (`board/task`) has; only those that have any."""


_OPEN = frozenset({Turn.ASKED, Turn.WAITS})
_LEFT = N_("“%(title)s” (`%(key)s`) has left: %(cards)s")
_OF_ANYTHING = {
    Turn.UNKNOWN: N_("`%(key)s`: nothing called `%(old)s` was in force, so `was` does nothing here"),
    Turn.WAITS: N_(
        "`%(key)s` waits for what is said of the boards: until then `%(old)s` goes on as it was, and"
        " `%(key)s` gets no card"
    ),
    Turn.RENAMED: N_("“%(title)s”: `%(old)s` is now called `%(key)s`; history and open cards go on"),
    Turn.NEW: N_("“%(title)s” (`%(key)s`) is new"),
    Turn.LEFT: N_("“%(title)s” (`%(key)s`) has left; reports name by this key what was theirs"),
}
_SENTENCES = {
    (Noun.BOARD, Turn.LEFT): _LEFT,
    (Noun.TASK, Turn.LEFT): _LEFT,
    (Noun.TASK, Turn.NEW): N_("“%(title)s” (`%(key)s`) is new: it owes from now on"),
    (Noun.TASK, Turn.MOVED): N_(
        "“%(title)s” moves from `%(old)s` to `%(key)s`: an open card stays where it is until it is done, the"
        " next one comes there"
    ),
    (Noun.TASK, Turn.RETIMED): N_(
        "“%(title)s” (`%(key)s`) has other days or times from now on: `apply` brings its open card in line,"
        " one of a day that is no longer named is excused"
    ),
}


def what_waits(differences: Collection[Difference], alarms: Collection[Alarm]) -> list[str]:
    """What of the files is not put in force, and what a person has to do about it."""
    # Alarms first: while there is one, nothing else of the files counts.
    asked = (sentence(each) for each in differences if each.turn in _OPEN)
    return [*map(_alarm, alarms), *asked]


def _alarm(alarm: Alarm) -> Message:
    if alarm.vanished:
        return say(
            "the board file `%(board)s` is gone: everything goes on by the files as they were until"
            " `trello-ops apply`, or until the file is back",
            board=alarm.board,
        )
    return say(
        "%(gone)s of the %(of)s tasks of `%(board)s` are gone at once: everything goes on by the files as"
        " they were until `trello-ops apply`, or until they are back",
        gone=alarm.gone,
        of=alarm.of,
        board=alarm.board,
    )


def sentence(each: Difference) -> Message:
    """What is asked about one thing, or what became of it."""
    if each.turn is Turn.ASKED:
        return _asked(each)
    return say(_OF_ANYTHING[each.turn], title=each.title, key=each.key, old=each.old)


def _asked(each: Difference) -> Message:
    old_board, _, old_key = each.old.rpartition("/")
    # Within one board, `was` needs no more than the task's own key.
    was = old_key if old_board == each.key.rpartition("/")[0] else each.old
    return say(
        "`%(key)s` looks like `%(old)s` renamed: write `was: %(was)s` there, or `new: true`; until then"
        " `%(old)s` goes on as it was, and `%(key)s` gets no card",
        key=each.key,
        old=each.old,
        was=was,
    )


def sentences(
    differences: Collection[Difference], open_cards: OpenCards, archives: Callable[[str], bool]
) -> Iterator[Message]:
    """Each difference with its consequences, but for what waits.

    `archives` tells whether `apply` puts away a board's cards that are withdrawn.
    """
    whole = {each.key for each in differences if each.noun is Noun.BOARD}
    for each in differences:
        board = each.key.partition("/")[0]
        if each.turn is Turn.FOLLOWS:  # the line of its named date says it of all
            continue
        # Of a board that comes or goes whole, its own line says enough.
        with_board = each.noun is Noun.TASK and each.turn in {Turn.LEFT, Turn.NEW} and board in whole
        if each.turn in _OPEN or with_board:
            continue
        cards = sum(n for task, n in open_cards.items() if f"{task}/".startswith(f"{each.key}/"))
        yield say(
            _SENTENCES.get((each.noun, each.turn)) or _OF_ANYTHING[each.turn],
            title=each.title,
            key=each.key,
            old=each.old,
            cards=_of_cards(cards, archives=archives(board)),
        )


def moved_date(each: MovedDate, open_cards: OpenCards) -> Message:
    """A named date that was moved, with its consequences."""
    cards = sum(open_cards.get(task, 0) for task in each.tasks)
    return say_count(
        "`%(name)s` of `%(board)s` moves from %(before)s to %(after)s, and the day of %(count)s task with it:"
        " %(cards)s, and a card that is done or overdue stays as it is",
        "`%(name)s` of `%(board)s` moves from %(before)s to %(after)s, and the days of %(count)s tasks with"
        " it: %(cards)s, and cards that are done or overdue stay as they are",
        len(each.tasks),
        name=each.name,
        board=each.board,
        before=each.before,
        after=each.after,
        cards=_following(cards),
    )


def _following(cards: int) -> Message:
    if not cards:
        return say("no card is open")
    return say_count(
        "`apply` moves the due of %(count)s open card",
        "`apply` moves the dues of %(count)s open cards",
        cards,
    )


def late_start(each: LateStart) -> Message:
    """What becomes of tasks whose counted day is over, and which never had a card."""
    about: dict[str, object] = {"name": each.name, "board": each.board}
    about["tasks"] = joined(f"`{task}`" for task in each.tasks)
    if each.until is None:
        return say_count(
            "`%(name)s` of `%(board)s` is over, as is the day of %(count)s task that never had a card: none"
            " comes, unless the date is moved ahead (%(tasks)s)",
            "`%(name)s` of `%(board)s` is over, as are the days of %(count)s tasks that never had a card:"
            " none comes, unless the date is moved ahead (%(tasks)s)",
            len(each.tasks),
            **about,
        )
    return say_count(
        "`%(board)s`: counted from `%(name)s`, the day of %(count)s task is over already; its card comes at"
        " once, due by %(until)s (%(tasks)s)",
        "`%(board)s`: counted from `%(name)s`, the days of %(count)s tasks are over already; their cards come"
        " at once, due by %(until)s (%(tasks)s)",
        len(each.tasks),
        until=each.until,
        **about,
    )


def _of_cards(cards: int, *, archives: bool) -> Message:
    if not cards:
        return say("no card of it is open")
    if archives:
        return say_count(
            "its open card is archived by `apply`, and excused at the close",
            "its %(count)s open cards are archived by `apply`, and excused at the close",
            cards,
        )
    return say_count(
        "its open card stays on Trello, and is excused at the close",
        "its %(count)s open cards stay on Trello, and are excused at the close",
        cards,
    )
