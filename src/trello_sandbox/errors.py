"""Trello's error answers, each with its status and body. docs/trello-behaviour.md says how each is known.

Trello mixes two forms: plain text for the older errors, whatever the request accepts, and
`{"message", "error"}` for those of its newer validators. Neither is the form that Atlassian's OpenAPI
document gives. A text goes out as text/plain, a mapping as JSON, `Html` as a page.
"""

from typing import Any


class Html(str):
    """A body that is a web page."""

    __slots__ = ()


class ApiError(Exception):
    """The request cannot be served. Whoever finds that out raises it; `api.app` answers it."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body


def _validator_error(status: int, message: str, error: str = "ERROR") -> ApiError:
    return ApiError(status, {"message": message, "error": error})


# ---- 400: the request makes no sense


def invalid_id() -> ApiError:
    """An id in the path that is neither 24 hex digits nor, for boards and cards, a short link."""
    return ApiError(400, "invalid id")


def invalid_object_id() -> ApiError:
    """An id in a parameter that is not 24 hex digits. Short links are good in paths only."""
    return _validator_error(400, "Invalid objectId")


def unreadable_body() -> ApiError:
    """A body that is neither JSON nor a form."""
    # No recording has this text.
    return ApiError(400, "Error parsing body")


def invalid_value(name: str) -> ApiError:
    """A parameter that is missing, or whose value is not accepted."""
    return ApiError(400, f"invalid value for {name}")


def invalid_board_name() -> ApiError:
    """A board without a name, or with a blank one."""
    return _validator_error(400, "invalid value for name")


def invalid_list_name() -> ApiError:
    """A list without a name. Other than a board's, by its `error`: live tests saw both."""
    return _validator_error(400, "invalid value for name", "BAD_REQUEST_ERROR")


def invalid_date() -> ApiError:
    """A date that cannot be read."""
    return _validator_error(400, "invalid date")


def label_not_found() -> ApiError:
    """A label id that is unknown on the board, or sent twice (refused since April 2025)."""
    # The text is reported, the status is not.
    return ApiError(400, "label not found")


def member_not_found() -> ApiError:
    """A member id that is not on the board, or sent twice."""
    # Modelled on `label_not_found`: Trello's own text was never recorded.
    return ApiError(400, "member not found")


def already(sentence: str) -> ApiError:
    """Something that is so already, such as a second vote. Trello answers with a plain sentence."""
    return ApiError(400, sentence)


def callback_failed(url: str, got: object, *, newer: bool) -> ApiError:
    """A callback URL did not answer the HEAD request with 200. `newer` is the error's name of today."""
    error = "VALIDATOR_URL_RETURNED_ERROR" if newer else "ERROR"
    return _validator_error(400, f"URL ({url}) did not return 200 status code, got {got}", error)


def duplicate_webhook() -> ApiError:
    """A second webhook with the same callback URL, model and token."""
    return ApiError(400, "A webhook with that callback, model, and token already exists")


def list_is_open() -> ApiError:
    """Only archived lists can be deleted."""
    # That an archived one can is known from a client's release; the refusal of an open one is ours.
    return ApiError(400, "list must be archived")


def links_only() -> ApiError:
    """A file to attach. Trello takes it; the sandbox keeps no files, so this refusal is its own."""
    return ApiError(400, "the sandbox attaches links, not files")


# ---- 401: who are you, and may you? Trello answers both with 401


def invalid_key() -> ApiError:
    """An unknown API key, or none."""
    return ApiError(401, "invalid key")


def invalid_token() -> ApiError:
    """A token that is unknown, revoked, expired, or of another key."""
    return ApiError(401, "invalid token")


def missing_scopes() -> ApiError:
    """No token where one is needed, or one without the scope."""
    return ApiError(401, {"message": "missing scopes"})


def no_board_permission() -> ApiError:
    """A board, or what belongs to it, that the caller may not see or change."""
    return ApiError(401, "unauthorized permission requested")


def no_card_permission() -> ApiError:
    """A card, or what belongs to it, that the caller may not see or change."""
    return ApiError(401, "unauthorized card permission requested")


def other_tokens_webhook() -> ApiError:
    """A webhook that another token made. Each token sees its own only."""
    # The text is documented, the status is not.
    return ApiError(401, "webhook does not belong to token")


def unknown_board_of_list(board_id: str) -> ApiError:
    """`POST /lists` with an unknown board: 401, where one would expect 404."""
    return ApiError(401, f"unauthorized board list requested {board_id}")


def unknown_card_of_checklist() -> ApiError:
    """`POST /checklists` with an unknown card: 401, and the text speaks of a board."""
    return ApiError(401, "unauthorized board requested")


# ---- 403: too much


def over_limit(what: str) -> ApiError:
    """An object limit is reached."""
    # Only the status is documented.
    return _validator_error(403, f"{what} limit exceeded", "LIMIT_EXCEEDED")


def custom_fields_off() -> ApiError:
    """Custom fields need a paid plan."""
    # Only the status is documented.
    return ApiError(403, "custom fields are not enabled")


def get_with_body() -> ApiError:
    """A GET request with a body. CloudFront answers with a page of its own; Trello never sees the request."""
    return ApiError(
        403,
        Html(
            "<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD><BODY>\n"
            "<H1>403 ERROR</H1>\n<H2>The request could not be satisfied.</H2>\nBad request.\n"
            "<PRE>Generated by cloudfront (CloudFront)</PRE></BODY></HTML>"
        ),
    )


# ---- 404, 414, 429


def not_found() -> ApiError:
    """A well-formed id that nothing has."""
    return ApiError(404, "The requested resource was not found.")


def model_not_found() -> ApiError:
    """As `not_found`, for a list: live tests saw another text."""
    return ApiError(404, "model not found")


def no_board_for_card() -> ApiError:
    """`POST /cards` with an unknown list."""
    return ApiError(404, "could not find the board that the card belongs to")


def no_route(method: str, target: str) -> ApiError:
    """No such route. The text is Express's and repeats path and query, credentials included."""
    return ApiError(404, f"Cannot {method} {target}")


def url_too_long() -> ApiError:
    """A URL longer than the servers in front of Trello take: long texts belong in the body."""
    return ApiError(414, Html("<html><head><title>414 Request-URI Too Large</title></head></html>"))


def rate_limited(error: str) -> ApiError:
    """Too many requests; `error` names the limit."""
    return ApiError(429, {"error": error, "message": "Rate limit exceeded"})
