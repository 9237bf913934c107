"""Whatever a source's texts are, its draft validates and says them again."""

import tempfile
from pathlib import Path

from draft_kit import TODAY, drafted
from hypothesis import example, given, settings
from hypothesis import strategies as st

from trello_ops.draft.model import Draft, DraftChecklist, DraftTask, Rhythm
from trello_ops.draft.yaml_text import plain
from trello_ops.render.card import CardRenderer, next_occurrence

HOSTILE = [
    *("{{ 7 * 7 }}", "{% include 'x' %}", "{# x #}", "{{{%", "{", "}}", "- x", "? x", "# x", "a # b"),
    *("key: value", "x:", "*star", "&anchor", "!tag", "| x", "> x", "%x", "@x", "`x`", "'", '"', '\\"'),
    *("=cmd|' /C calc'!A0", "+1", "-1", "12", "1e5", "0x1F", "true", "null", "~", "yes", "2027-01-15"),
    *("---", "...", "\u202egauche", "a\u2028b", "a\x85b", "\ufeffx", "\u200b", "😀", "nobody"),
    *("trello-ops:card:x/y/z/2026-11-16", "---\nx: 1\n---", "tasks:\n  x: 1", "\ud800x"),
]
TEXTS = st.text(max_size=60) | st.sampled_from(HOSTILE)
TASKS = st.builds(
    DraftTask,
    title=TEXTS,
    theme=TEXTS,
    people=st.lists(TEXTS, max_size=2).map(tuple),
    slot=TEXTS,
    checklists=st.lists(
        st.builds(DraftChecklist, TEXTS, st.lists(TEXTS, min_size=1, max_size=3).map(tuple)), max_size=2
    ).map(tuple),
    description=TEXTS,
    remarks=st.lists(TEXTS, max_size=1).map(tuple),
)
DRAFTS = st.builds(
    Draft,
    title=TEXTS,
    tasks=st.lists(TASKS, min_size=1, max_size=4).map(tuple),
    remarks=st.lists(TEXTS, max_size=1).map(tuple),
    lists=st.lists(TEXTS, max_size=4).map(tuple),
)


EVERYWHERE = Draft(
    HOSTILE[0],
    tuple(
        DraftTask(each, Rhythm(), each, (each,), each, (DraftChecklist(each, (each,)),), each, (each,))
        for each in (*HOSTILE, "x" * 17_000)
    ),
    (HOSTILE[0],),
    tuple(HOSTILE),
)
"""Each hostile text in every place."""


def said(text: str) -> str:
    """A text as a draft says it: on one line, without what YAML cannot hold, not without end."""
    return plain(text)[:1000]


@settings(deadline=None, max_examples=10)
@example(EVERYWHERE)
@given(DRAFTS)
def test_any_text_is_said_again_and_acts_on_nothing(draft: Draft) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = drafted(Path(folder), draft)
        (board,) = workspace.boards
        cards = CardRenderer(workspace, Path(folder) / "templates")
        coming = [next_occurrence(workspace, board, task, TODAY) for task in board.tasks]
        shown = [cards.card(occurrence) for occurrence in coming if occurrence]
    assert [task.title[:1000] for task in board.tasks] == [said(each.title) or "?" for each in draft.tasks]
    for task, card in zip(draft.tasks, shown, strict=True):
        items = [item for each in card.checklists for item in each.items]
        wanted = [said(item) for each in task.checklists for item in each.items]
        assert [item[:1000] for item in items] == [item for item in wanted if item]
