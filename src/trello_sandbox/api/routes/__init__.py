"""The routes below /1, a module for each kind of object."""

from trello_sandbox.api.routes import (
    actions,
    board_members,
    boards,
    card_parts,
    cards,
    checklists,
    custom_fields,
    labels,
    lists,
    members,
    organizations,
    search,
    tokens,
    webhooks,
)

ROUTES = (
    *boards.ROUTES,
    *board_members.ROUTES,
    *lists.ROUTES,
    *labels.ROUTES,
    *cards.ROUTES,
    *card_parts.ROUTES,
    *checklists.ROUTES,
    *custom_fields.ROUTES,
    *members.ROUTES,
    *organizations.ROUTES,
    *tokens.ROUTES,
    *actions.ROUTES,
    *webhooks.ROUTES,
    *search.ROUTES,
)
