"""Settings, board files and templates."""

from trello_ops.declaration_source import check_declaration, with_rows_checked
from trello_ops.doctor.finding import Finding, Level, Patient
from trello_ops.messages import clauses, joined, say, say_count


def settings(patient: Patient) -> Finding:
    """Whether something is wrong with the environment, `.env` and the files of secrets, or missing there."""
    if not patient.complaints:
        return Finding("settings", Level.FINE, say("all that is set can be used"))
    advice = say("Correct them in the environment or in .env; .env.example says what there is.")
    return Finding("settings", Level.BROKEN, clauses(patient.complaints), advice)


def files(patient: Patient) -> Finding:
    """Whether the files can be put in force."""
    today = patient.clock.now().date()
    found = with_rows_checked(check_declaration(patient.settings, today), patient.settings)
    advice = say("`trello-ops validate` tells all of it.")
    if found.problems:
        count = say_count("%(count)s problem", "%(count)s problems", len(found.problems))
        said = say("%(problems)s, such as %(first)s", problems=count, first=found.problems[0].located)
        return Finding("files", Level.BROKEN, said, advice)
    boards = found.workspace.boards if found.workspace else ()
    said = say(
        "sound: %(boards)s, %(tasks)s",
        boards=say_count("%(count)s board", "%(count)s boards", len(boards)),
        tasks=say_count("%(count)s task", "%(count)s tasks", sum(len(board.tasks) for board in boards)),
    )
    if not found.warnings:
        return Finding("files", Level.FINE, said)
    warnings = say_count("%(count)s warning", "%(count)s warnings", len(found.warnings))
    return Finding("files", Level.FINE, joined((said, warnings)), advice)
