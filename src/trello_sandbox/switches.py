"""Guesses about Trello that nobody could verify, each a switch by name: true or false, or a number.

The defaults are what seems most likely; a correct client works under every setting.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields


def _guess(doc: str, *, default: bool = False) -> bool:
    """A switch's default, with the sentence that says what turning it on means."""
    value: bool = field(default=default, metadata={"doc": doc})
    return value


def _figure(doc: str, *, default: int) -> int:
    """The same for a number that nobody has published."""
    value: int = field(default=default, metadata={"doc": doc})
    return value


@dataclass(slots=True)
class Switches:
    """The settings in force. They outlive a reset of the world."""

    # Copies. Recorded is only that of a checklist, whose items become incomplete.
    copy_item_state: bool = _guess("A card's copy keeps which check items are complete.")
    copy_item_due: bool = _guess("A card's copy keeps the check items' due dates and members.", default=True)
    copy_due_complete: bool = _guess("A card's copy that keeps `due` keeps `dueComplete` too.")
    copy_is_template: bool = _guess("A template card's copy is itself a template unless told otherwise.")
    # No source says whether what is archived may be copied.
    archived_source: bool = _guess(
        "An archived card, or one in an archived list, may be copied.", default=True
    )
    # The OpenAPI document says no, a client's own test expects cards.
    board_copy_keeps_cards: bool = _guess("Copying a board without `keepFromSource` copies its cards.")
    # Trello refuses such a board once a member's personal boards are used up.
    default_workspace: bool = _guess(
        "A board made without `idOrganization` is put into its maker's first Workspace.", default=True
    )
    # Recorded null in 2023, which broke clients; live tests of 2026 see a list.
    check_item_states_null: bool = _guess(
        "In collections of cards `checkItemStates` is null, as until 2023; otherwise a list."
    )
    # They belong to paid plans. Whether the API refuses or drops them is unknown: the sandbox drops them.
    free_item_due: bool = _guess("Free workspaces may give check items a due date and a member.")
    # No recording shows a board's date before and after a tick.
    ticks_move_board: bool = _guess(
        "A board's `dateLastActivity` moves with ticks, check items and comments.", default=True
    )
    # In live answers of 2026, in no document.
    date_completed: bool = _guess("Cards have a `dateCompleted`.", default=True)
    date_completed_clears: bool = _guess("Un-completing a card clears `dateCompleted`.", default=True)
    # Missing in the guide's list, but sent by Trello's own web client.
    due_subfilters: bool = _guess("`updateCard:due` and `:dueComplete` filter actions.", default=True)
    # The documentation says 1,000, a digest of it 300.
    nested_actions_300: bool = _guess("Nested actions are capped at 300 instead of 1,000.")
    # Rate limits: no recording has a 429, so neither window nor headers of one are known.
    sliding_window: bool = _guess("Rate windows slide; otherwise each is fixed from its first request.")
    retry_after: bool = _guess("A 429 carries `Retry-After`, in seconds.")
    # Undocumented, and missing in some recorded 404s.
    member_headers: bool = _guess("Answers carry the member's rate headers.", default=True)
    # A client had to handle 429s inside a batch.
    batch_counts_each: bool = _guess("Each route inside a batch counts against the limits.", default=True)
    answer_202: bool = _guess("Success is answered with 202 instead of 200, as for some days in June 2025.")
    # Older test suites saw another text than newer ones.
    key_only_missing_scopes: bool = _guess("A key without a token reading a private board: `missing scopes`.")
    # Documented, but absent in deliveries captured in 2023.
    webhook_in_body: bool = _guess(
        "Deliveries have the key `webhook` beside `action` and `model`.", default=True
    )
    # The first is the newer name.
    validator_error: bool = _guess(
        "A callback URL that fails its check is `VALIDATOR_URL_RETURNED_ERROR`, otherwise `ERROR`.",
        default=True,
    )
    # Search finds with a delay that nobody measured; all other reads show a write at once.
    search_lag: int = _figure("Search finds what has been left alone for this many seconds.", default=0)
    search_limit: int = _figure("Searches of a token in 15 minutes; 0 for no limit.", default=100)
    # A name of 10,000 characters in the URL was refused; two test suites report 2,000 as the limit.
    short_urls: bool = _guess("URLs over 2,000 characters are refused; otherwise those over 8,192.")

    def turn(self, settings: Mapping[str, object]) -> None:
        """Set switches by name, all or none: ValueError for an unknown name or a bad setting."""
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
        """Every switch by name: its setting, its default and what it means, as JSON."""
        return {
            each.name: {
                "on": getattr(self, each.name),
                "default": each.default,
                "doc": each.metadata["doc"],
            }
            for each in fields(self)
        }
