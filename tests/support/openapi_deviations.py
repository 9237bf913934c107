"""Where Trello is known to differ from Atlassian's OpenAPI document, and how we know.

A fact names its section of trello-behaviour.md and its tag there: [D] Atlassian's documentation, [O] the
document itself, [R] recorded traffic, [L] asserted by suites that run against live Trello, [C] and [X]
clients' own code. The schemas of trello.js are such a suite: its maintainers hold them against live answers
every night, and the sandbox must satisfy them too.
"""

from collections.abc import Mapping
from typing import Any

from openapi_overlay import Deviation

Schema = dict[str, Any]

HUES = ("yellow", "purple", "blue", "red", "green", "orange", "black", "sky", "pink", "lime")
COLORS = [f"{hue}{shade}" for hue in HUES for shade in ("", "_light", "_dark")]
ID = "[0-9a-fA-F]{24}"
TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
MOMENT: Schema = {"type": "string", "format": "date-time", "nullable": True}
MAYBE_TEXT: Schema = {"type": "string", "nullable": True}
MAYBE_ID: Schema = {"type": "string", "pattern": f"^{ID}$", "nullable": True}
COLOR: Schema = {"type": "string", "nullable": True, "enum": [*COLORS, None]}


def _matching(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^({pattern})$"}


IDS = _matching(f"{ID}(,{ID})*")
WORDS = _matching(r"[A-Za-z]+(, ?[A-Za-z]+)*")
POSITION = _matching(r"top|bottom|[0-9]+(\.[0-9]+)?")
ID_OR_NAME = _matching(r"[0-9A-Za-z_]+")


def _schema(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(name: str) -> Schema:
    return {"type": "array", "items": _schema(name)}


def _object(properties: Schema, *required: str) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required)}


BODY = "requestBody/content/application~1json/schema"
MEMBERSHIP = _object(
    {
        "id": _schema("TrelloID"),
        "idMember": _schema("TrelloID"),
        "memberType": {"type": "string", "enum": ["admin", "normal", "observer"]},
        "unconfirmed": FLAG,
        "deactivated": FLAG,
    },
    "id",
    "idMember",
    "memberType",
)
MEMBERSHIPS: Schema = {"type": "array", "items": MEMBERSHIP}
FOUND: Schema = {
    **_object(
        {
            "options": {"type": "object"},
            "actions": _list("Action"),
            "boards": _list("Board"),
            "cards": _list("Card"),
            "members": _list("Member"),
            "organizations": _list("Organization"),
        },
        "options",
    ),
    "additionalProperties": False,
}


def _components(truths: Mapping[str, Schema], fact: str) -> tuple[Deviation, ...]:
    """Deviations of schemas (`Color`) and of their properties, also nested (`Card/cover/color`)."""
    return tuple(
        Deviation("/components/schemas/" + name.replace("/", "/properties/"), truth, fact)
        for name, truth in truths.items()
    )


def _place(operation: str) -> str:
    """The pointer to an operation, or to what a path says of all its operations."""
    method, _, path = operation.rpartition(" ")
    return f"/paths/{path.replace('/', '~1')}/{method.lower()}".rstrip("/")


def _parameter(operation: str, truths: Mapping[str, Schema], fact: str) -> tuple[Deviation, ...]:
    """What parameters take that the document knows."""
    place = _place(operation)
    return tuple(
        Deviation(f"{place}/parameters/{name.replace('/', '~1')}/schema", truth, fact)
        for name, truth in truths.items()
    )


def _accepted(operation: str, truths: Mapping[str, Schema], fact: str) -> tuple[Deviation, ...]:
    """Parameters that the document does not know."""
    return tuple(
        Deviation(f"{_place(operation)}/parameters/{name}", truth, fact) for name, truth in truths.items()
    )


def _answer(operation: str, truth: Schema, fact: str) -> Deviation:
    return Deviation(f"{_place(operation)}/responses/200/content/application~1json/schema", truth, fact)


DATED = "#cards [R]: instants have milliseconds and Z; [O]'s own examples of a `date` do"
SENT_DATES = "#cards [R]: dates with a time are taken, and kept to the millisecond"
NULLABLE = "[O] says nullable itself, beside a $ref or an enum without null, where it does not count"
COLORED = "#labels [R]: 30 colours and null"
JS = "[L] trello.js reads it so"
FIELDS = "#answers [R]: `fields=a,b` is a list with commas, and `all` the long form"
POSITIONED = "#positions [O]: top, bottom or a positive number, which a query can only hold as text"
NAMED = "#members, without a tag there: a username does for a member's id"
ORGANIZED = "[O] describes it as the id or name"
EITHER = "[O] says oneOf where both hold of an id; any one is enough"
NESTED = "#reading [D]: parameters of nested resources"
COLLECTED = "#reading [R]: cards take the full set of card queries"
SINGLE = "#answers [R]: one object, where it is made; [L] trello.js: and where it is read"
DEFAULTS = "[O] gives the default of a number as text"

DEVIATIONS: tuple[Deviation, ...] = (
    # ---- cards
    *_components({"Card/due": MOMENT, "Card/badges/due": MOMENT, "Card/badges/start": MOMENT}, DATED),
    *_components({"Card/idAttachmentCover": MAYBE_ID, "Card/cover/idAttachment": MAYBE_ID}, NULLABLE),
    *_components({"Card/cardRole": MAYBE_TEXT}, NULLABLE),
    *_components({"Card/dueReminder": {**NUMBER, "nullable": True}}, "#cards [R]: minutes, as a number"),
    *_components(
        {"Card/labels": _list("Label")}, "#answers [R]: labels[] beside idLabels[], the labels themselves"
    ),
    *_components(
        {
            "Card/checkItemStates": {
                "type": "array",
                "items": _object(
                    {"idCheckItem": _schema("TrelloID"), "state": {"type": "string", "enum": ["complete"]}},
                    "idCheckItem",
                    "state",
                ),
                "nullable": True,
            }
        },
        "#answers [R]: [{idCheckItem, state}], or null",
    ),
    # ---- boards
    *_components(
        {"Board/descData": {"type": "object", "nullable": True}}, '#answers [R]: null or {"emoji": {}}'
    ),
    *_components({"Board/memberships": MEMBERSHIPS}, "#answers [R]: an array"),
    *_components({"Board/powerUps": {"type": "array", "items": TEXT}}, "#answers [R]: an array"),
    *_components({"Board/idTags": {"type": "array", "items": TEXT}}, JS),
    *_components(
        {"Board/dateLastActivity": MOMENT, "Board/dateLastView": MOMENT},
        "not established of boards; #cards [R]: instants have milliseconds and Z",
    ),
    *_components({"Board/ixUpdate": _matching("[0-9]+")}, JS),
    *_components(
        {"Prefs/permissionLevel": {"type": "string", "enum": ["private", "org", "public"]}},
        "#boards-and-lists [O]: private, org and public, as [O] has it where a board is made",
    ),
    *_components(
        {"Prefs/background": _matching(f"[a-z]+|{ID}")},
        "#boards-and-lists [R]: blue, green, lime, grey, or an id",
    ),
    *_components({"Prefs/backgroundImage": MAYBE_TEXT}, JS),
    *_components({"TrelloList/softLimit": MAYBE_TEXT}, "#answers [R]: softLimit: null"),
    # ---- people
    *_components({"Member/bioData": {"type": "object", "nullable": True}}, JS),
    *_components({"Member/idEnterprise": MAYBE_ID, "Member/email": MAYBE_TEXT}, JS),
    *_components({"Member/idMemberReferrer": MAYBE_ID}, NULLABLE),
    *_components({"Action/memberCreator/idMemberReferrer": MAYBE_ID}, NULLABLE),
    *_components({"Organization/memberships": MEMBERSHIPS}, JS),
    *_components({"BoardStars/pos": NUMBER}, "#positions [R]: `top` halves positions: 65535, then 32767.5"),
    *_components(
        {"TokenPermission/modelType": {"type": "string", "enum": ["Board", "Organization", "Member"]}},
        "#credentials [R]: Board, Organization, Member",
    ),
    # ---- parts of cards
    *_components({"CheckItem/nameData": {"type": "object", "nullable": True}}, JS),
    *_components({"CheckItem/pos": NUMBER}, "#positions [R]: numbers, the first 16384"),
    *_components({"Attachment/date": MOMENT}, DATED),
    # ---- words of their own
    *_components({"Color": COLOR}, COLORED),
    *_components({"posStringOrNumber": POSITION}, POSITIONED),
    *_components(
        {f"{kind}Fields": WORDS for kind in ("Board", "Card", "List", "Member", "Organization", "Token")},
        FIELDS,
    ),
    # ---- answers
    _answer("GET /boards/{id}/memberships", MEMBERSHIPS, "#answers [R]: an array"),
    _answer("GET /boards/{id}/plugins", _list("Plugin"), "[O] describes it as a list"),
    _answer("GET /search", FOUND, "#search [R]: {options, boards?, cards?, members?, organizations?}"),
    _answer(
        "POST /members/{id}/boardStars",
        _schema("BoardStars"),
        "[C] py-trello reads the one star that it made",
    ),
    _answer("POST /cards/{id}/attachments", _schema("Attachment"), SINGLE),
    _answer("GET /cards/{id}/attachments/{idAttachment}", _schema("Attachment"), SINGLE),
    # ---- what parameters take
    *_parameter("GET /boards/{boardId}/actions", {"fields": WORDS}, FIELDS),
    *_parameter("GET /cards/{id}/attachments/{idAttachment}", {"fields": WORDS}, FIELDS),
    *_parameter("GET /checklists/{id}/checkItems", {"fields": WORDS}, FIELDS),
    *_parameter("GET /checklists/{id}/checkItems/{idCheckItem}", {"fields": WORDS}, FIELDS),
    *_parameter("GET /cards/{id}/checklists", {"checkItem_fields": WORDS}, FIELDS),
    *_parameter("GET /checklists/{id}", {"checkItem_fields": WORDS}, FIELDS),
    *_parameter("PUT /boards/{id}/memberships/{idMembership}", {"member_fields": WORDS}, FIELDS),
    *_parameter(
        "GET /cards/{id}",
        {"attachments": _matching("true|false|cover")},
        "#reading [D]: true, false or cover; [O] says text and truth value in one",
    ),
    *_parameter("GET /members/{id}/notifications", {"limit": WHOLE, "page": WHOLE}, DEFAULTS),
    *_parameter("GET /search", {"organizations_limit": WHOLE, "members_limit": WHOLE}, DEFAULTS),
    *_parameter("POST /cards", {"due": MOMENT, "start": MOMENT}, SENT_DATES),
    *_parameter("PUT /cards/{id}", {"due": MOMENT, "start": MOMENT}, SENT_DATES),
    *_parameter("POST /checklists/{id}/checkItems", {"due": MOMENT}, SENT_DATES),
    *_parameter("PUT /cards/{id}/checkItem/{idCheckItem}", {"due": MOMENT}, SENT_DATES),
    *_parameter("POST /cards", {"idMembers": IDS, "idLabels": IDS}, "#cards [O]: with commas or as an array"),
    *_parameter(
        "PUT /cards/{id}",
        {"idMembers": IDS, "idLabels": IDS},
        "#cards [O]: with commas, as where a card is made",
    ),
    *_parameter("POST /cards", {"keepFromSource": WORDS}, "#copies [O]: `all`, or a list with commas"),
    *_parameter("POST /cards", {"pos": POSITION}, POSITIONED),
    *_parameter("PUT /cards/{id}", {"pos": POSITION}, POSITIONED),
    *_parameter("PUT /labels/{id}/{field}", {"value": TEXT}, "[O] has the field be color or name, no id"),
    *_parameter("PUT /checklists/{id}/{field}", {"value": TEXT}, "#py-trello [X]: the field may be name"),
    *_parameter("PUT /lists/{id}/closed", {"value": FLAG}, "#refusals [L]: a truth value, or 400"),
    Deviation(
        f"{_place('PUT /cards/{idCard}/customField/{idCustomField}/item')}/{BODY}",
        {"anyOf": [_object({"value": {"type": "object"}}, "value"), _object({"idValue": TEXT}, "idValue")]},
        "#answers [R]: {value} or {idValue}; both schemas that [O] says oneOf of hold of either",
    ),
    # ---- what paths take
    *_parameter("/boards/{id}/members/{idMember}", {"idMember": ID_OR_NAME}, NAMED),
    *_parameter("GET /members/{id}", {"id": ID_OR_NAME}, EITHER),
    *_parameter("POST /members/{id}/boardStars", {"id": ID_OR_NAME}, EITHER),
    *_parameter("/organizations/{id}", {"id": ID_OR_NAME}, ORGANIZED),
    *_parameter("GET /organizations/{id}/boards", {"id": ID_OR_NAME}, ORGANIZED),
    *_parameter("/organizations/{id}/tags", {"id": ID_OR_NAME}, EITHER),
    *_parameter("PUT /organizations/{id}/members/{idMember}", {"idMember": ID_OR_NAME}, EITHER),
    *_parameter("DELETE /organizations/{id}/members/{idMember}", {"id": ID_OR_NAME}, EITHER),
    # ---- parameters that the document does not know
    *_accepted(
        "GET /boards/{id}",
        {
            "card_fields": WORDS,
            "checkItem_fields": WORDS,
            "checkItems": TEXT,
            "checklist_fields": WORDS,
            "label_fields": WORDS,
            "labels_limit": WHOLE,
            "list_fields": WORDS,
            "member_fields": WORDS,
        },
        NESTED,
    ),
    *_accepted("GET /cards/{id}", {"checkItems": TEXT, "checkItem_fields": WORDS}, NESTED),
    *_accepted(
        "GET /boards/{id}/cards",
        {"fields": WORDS, "filter": TEXT, "limit": WHOLE, "since": TEXT},
        COLLECTED,
    ),
    *_accepted("GET /organizations/{id}", {"fields": WORDS}, FIELDS),
    *_accepted(
        "POST /cards", {"isTemplate": FLAG, "dueReminder": NUMBER}, "#cards [C]: accepted though not in [O]"
    ),
    *_accepted("PUT /cards/{id}", {"isTemplate": FLAG}, "#cards [C]: accepted though not in [O]"),
)
