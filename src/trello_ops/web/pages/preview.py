"""The card that a task gives, live while its files are edited."""

from urllib.parse import quote, urlencode

from trello_ops.escape import one_line
from trello_ops.render.site import document
from trello_ops.web.pages import preview_part
from trello_ops.web.visit import Answer, Visit, of_all

MAY = of_all


def view(visit: Visit) -> Answer:
    """The card of `?date=` or the next one after it, as the files say now."""
    shown = preview_part.view(visit)
    board, task = visit.path["board"], visit.path["task"]
    known = visit.context.workspace.task_now(board, task)
    asked = {name: value for name, value in visit.asked.items() if name == "date"}
    changes = f"{visit.base}/preview/{quote(board)}/{quote(task)}/changes?" + urlencode(
        {**asked, "seen": shown.etag}
    )
    return Answer.page(
        document(
            "preview.html.j2",
            visit.frame(
                "/preview", one_line(known[1].title) if known else visit.translator.gettext("Preview")
            ),
            part=shown.content.decode(),
            changes=changes,
        )
    )
