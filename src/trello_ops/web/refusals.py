"""Why somebody sees nothing, and the pages that say so."""

import asyncio
from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from trello_ops.messages import N_
from trello_ops.web.headers import NEVER
from trello_ops.web.threads import in_thread

if TYPE_CHECKING:
    from trello_ops.web.visit import Answer

_PATIENCE: Final = 3.0
"""Seconds for which the page that says why there is none is waited for."""


class Refusal(Enum):
    """Why somebody sees nothing: the status, what is said, and what to do."""

    STRANGER = (
        403,
        N_("A secret address is needed"),
        N_(
            "These pages open by a secret address. If you had one, open it again, or ask for another:"
            " `trello-ops link` makes it."
        ),
    )
    NOT_HERE = (404, N_("There is no such page"), N_("Choose one of the pages above, if there are any."))
    TOO_MANY = (429, N_("Too many requests"), N_("Wait a minute, then try again."))
    TROUBLED = (
        503,
        N_("The page cannot be made now"),
        N_("Try again in a minute. `trello-ops status` and the log say what is wrong."),
    )
    BROKEN = (500, N_("This page has a fault"), N_("The log says which. The robot goes on all the same."))


class Refusals:
    """Says why somebody sees nothing, in a language. They tell strangers nothing else of the workspace.

    Belongs to one event loop; `language` is asked in a thread. `base` is as in `Visit`.
    """

    def __init__(self, language: Callable[[], str], base: str) -> None:
        self._language, self._base = language, base
        self._one = asyncio.Semaphore(1)
        self._made: dict[Refusal, Answer] = {}

    async def response(self, refusal: Refusal) -> Response:
        """The page; a bare status where it cannot be made soon."""
        # Made once and apart: it has to be cheaper than what is refused, also while all else hangs.
        if refusal not in self._made:
            made = await in_thread(partial(self._page, refusal), self._one, _PATIENCE)
            if made is None:
                return Response(status_code=refusal.value[0])
            self._made[refusal] = made
        answer, status = self._made[refusal], refusal.value[0]
        return Response(
            answer.content, status, media_type=answer.media_type, headers={"cache-control": NEVER}
        )

    def _page(self, refusal: Refusal) -> "Answer":
        # Imported late: a daemon that nobody visits does without what draws pages.
        from trello_ops.render.i18n import Translator
        from trello_ops.render.site import Frame, document
        from trello_ops.web.visit import Answer

        _, title, about = refusal.value
        translator = Translator(self._language())
        frame = Frame(translator, "", translator.gettext(title), self._base)
        return Answer.page(document("refused.html.j2", frame, about=translator.gettext(about)))
