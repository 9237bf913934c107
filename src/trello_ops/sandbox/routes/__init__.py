"""The routes below /1, a module for each kind of object."""

from trello_ops.sandbox.routes import actions, boards, card_parts, cards, checklists, labels, lists, people

ROUTES = (
    *boards.ROUTES,
    *lists.ROUTES,
    *labels.ROUTES,
    *cards.ROUTES,
    *card_parts.ROUTES,
    *checklists.ROUTES,
    *people.ROUTES,
    *actions.ROUTES,
)
