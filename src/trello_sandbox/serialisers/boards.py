"""The fields of boards, lists and labels."""

from trello_sandbox import limits
from trello_sandbox.serialisers.fields import Fields
from trello_sandbox.slugs import slug
from trello_sandbox.state.colours import COLORS
from trello_sandbox.state.positions import written
from trello_sandbox.state.records import Board, Json, Label, List
from trello_sandbox.state.world import World


def _short_url(world: World, board: Board) -> str:
    return f"{world.site}/b/{board.short_link}"


def _label_names(world: World, board: Board) -> dict[str, str]:
    """For each of the 30 colours the name of the board's oldest label that has it, or an empty text."""
    names = dict.fromkeys(COLORS, "")
    for label in reversed(world.labels.of("id_board", board.id).values()):
        if label.color:
            names[label.color] = label.name
    return names


def _limits(world: World, board: Board) -> Json:
    cards = world.cards.of("id_board", board.id).values()
    lists = world.lists.of("id_board", board.id).values()
    return limits.as_field(
        {
            "cards": {"openPerBoard": sum(not card.closed for card in cards), "totalPerBoard": len(cards)},
            "lists": {"openPerBoard": sum(not each.closed for each in lists), "totalPerBoard": len(lists)},
            "labels": {"perBoard": len(world.labels.of("id_board", board.id))},
            "checklists": {"perBoard": len(world.checklists.of("id_board", board.id))},
            "boards": {"totalMembersPerBoard": len(board.memberships)},
        },
        limits.OBJECTS,
    )


BOARD: Fields[Board] = {
    "id": lambda _, b: b.id,
    "name": lambda _, b: b.name,
    "desc": lambda _, b: b.desc,
    "descData": lambda *_: None,
    "closed": lambda _, b: b.closed,
    "dateClosed": lambda *_: None,
    "idOrganization": lambda _, b: b.id_organization,
    "idEnterprise": lambda *_: None,
    "pinned": lambda *_: False,
    "starred": lambda *_: False,  # depends on who asks: `nested_reads.board` fills it in
    "url": lambda w, b: f"{_short_url(w, b)}/{slug(b.name)}",  # a new name changes it, but not `shortUrl`
    "shortUrl": _short_url,
    "shortLink": lambda _, b: b.short_link,
    "prefs": lambda _, b: b.prefs,
    "labelNames": _label_names,
    "limits": _limits,
    "memberships": lambda _, b: list(b.memberships.values()),
    "subscribed": lambda *_: False,
    "dateLastActivity": lambda _, b: b.date_last_activity,
    "dateLastView": lambda _, b: b.date_last_activity,
    "idTags": lambda *_: [],
    "powerUps": lambda *_: [],
    "premiumFeatures": lambda *_: [],
    "creationMethod": lambda *_: None,
    "ixUpdate": lambda w, b: str(len(w.actions.of("id_board", b.id))),
    "templateGallery": lambda *_: None,
    "enterpriseOwned": lambda *_: False,
    "idMemberCreator": lambda _, b: next(iter(b.memberships), None),
}
# The OpenAPI document has lists and actions nested by default. Recorded answers have neither.
BOARD_DEFAULT = (
    "id,name,desc,descData,closed,idOrganization,idEnterprise,pinned,url,shortUrl,prefs,labelNames"
)

LIST: Fields[List] = {
    "id": lambda _, each: each.id,
    "name": lambda _, each: each.name,
    "closed": lambda _, each: each.closed,
    "pos": lambda _, each: written(each.pos),
    "idBoard": lambda _, each: each.id_board,
    # New in 2026, and in no document.
    "color": lambda *_: None,
    "type": lambda *_: None,
    "datasource": lambda *_: {"filter": False},
}
# Recorded: a list in a board's collection has two fields more than the same list on its own.
LIST_IN_BOARD: Fields[List] = {
    **LIST,
    "subscribed": lambda _, each: each.subscribed,
    "softLimit": lambda *_: None,
}

LABEL: Fields[Label] = {
    "id": lambda _, each: each.id,
    "idBoard": lambda _, each: each.id_board,
    "idOrganization": lambda w, each: w.boards[each.id_board].id_organization,
    "name": lambda _, each: each.name,
    "color": lambda _, each: each.color,
    "uses": lambda w, each: sum(
        each.id in card.id_labels for card in w.cards.of("id_board", each.id_board).values()
    ),
}
LABEL_DEFAULT = ("idBoard", "idOrganization", "name", "color")
