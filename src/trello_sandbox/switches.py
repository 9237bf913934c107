"""Every guess about Trello that nobody could verify, as a switch with a name: true or false, or a number.

A client that is right works under each setting. The sources call these points "not established";
the defaults are what seems most likely.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields


def _guess(doc: str, *, default: bool = False) -> bool:
    """A switch's default, with the sentence that says what turning it on means."""
    value: bool = field(default=default, metadata={"doc": doc})
    return value


def _figure(doc: str, *, default: int) -> int:
    """A number that nobody published."""
    value: int = field(default=default, metadata={"doc": doc})
    return value


@dataclass(slots=True)
class Switches:
    """The settings in force. One object lives as long as the server, whatever is reset."""

    copy_item_state: bool = _guess("A card's copy keeps which check items are complete.")
    copy_item_due: bool = _guess("A card's copy keeps the check items' due dates and members.", default=True)
    copy_due_complete: bool = _guess("A card's copy that keeps `due` keeps `dueComplete` too.")
    copy_is_template: bool = _guess("A template card's copy is itself a template unless told otherwise.")
    archived_source: bool = _guess(
        "An archived card, or one in an archived list, may be copied.", default=True
    )
    board_copy_keeps_cards: bool = _guess("Copying a board without `keepFromSource` copies its cards.")
    default_workspace: bool = _guess(
        "A board made without `idOrganization` is put into its maker's first Workspace.", default=True
    )
    check_item_states_null: bool = _guess(
        "In collections of cards `checkItemStates` is null, as until 2023; otherwise a list."
    )
    free_item_due: bool = _guess("Free workspaces may give check items a due date and a member.")
    ticks_move_board: bool = _guess(
        "A board's `dateLastActivity` moves with ticks, check items and comments.", default=True
    )
    date_completed: bool = _guess("Cards have a `dateCompleted`.", default=True)
    date_completed_clears: bool = _guess("Un-completing a card clears `dateCompleted`.", default=True)
    due_subfilters: bool = _guess("`updateCard:due` and `:dueComplete` filter actions.", default=True)
    nested_actions_300: bool = _guess("Nested actions are capped at 300 instead of 1,000.")
    sliding_window: bool = _guess("Rate windows slide; otherwise each is fixed from its first request.")
    retry_after: bool = _guess("A 429 carries `Retry-After`, in seconds.")
    member_headers: bool = _guess("Answers carry the member's rate headers.", default=True)
    batch_counts_each: bool = _guess("Each route inside a batch counts against the limits.", default=True)
    answer_202: bool = _guess("Success is answered with 202 instead of 200, as for some days in June 2025.")
    key_only_missing_scopes: bool = _guess("A key without a token reading a private board: `missing scopes`.")
    webhook_in_body: bool = _guess(
        "Deliveries have the key `webhook` beside `action` and `model`.", default=True
    )
    validator_error: bool = _guess(
        "A callback URL that fails its check is `VALIDATOR_URL_RETURNED_ERROR`, otherwise `ERROR`.",
        default=True,
    )
    search_lag: int = _figure("Search finds what has been left alone for this many seconds.", default=0)
    search_limit: int = _figure("Searches of a token in 15 minutes; 0 for no limit.", default=100)
    short_urls: bool = _guess("URLs over 2,000 characters are refused; otherwise those over 8,192.")

    def turn(self, settings: Mapping[str, object]) -> None:
        """Set switches by name, all of them or none. ValueError names an unknown switch or a bad setting."""
        kinds = {each.name: type(each.default) for each in fields(self)}
        for name, setting in settings.items():
            if name not in kinds:
                raise ValueError(f"no switch is called {name!r}; there are {', '.join(sorted(kinds))}")
            if type(setting) is not kinds[name] or (isinstance(setting, int) and setting < 0):
                wanted = "true or false" if kinds[name] is bool else "a whole number from 0"
                raise ValueError(f"switch {name!r} is {wanted}, not {setting!r}")
        for name, setting in settings.items():
            setattr(self, name, setting)

    def table(self) -> dict[str, dict[str, object]]:
        """Every switch by name: its setting now, its default and what it means."""
        return {
            each.name: {
                "on": getattr(self, each.name),
                "default": each.default,
                "doc": each.metadata["doc"],
            }
            for each in fields(self)
        }
