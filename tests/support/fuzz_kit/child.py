"""Tells stories one after the other as it is asked to, and says how each went. Run as a script.

It tells the step `ready`, then reads `{"kind": …, "seed": …, "number": …}`, a line each, and writes lines:
`{"step": …}` before each step, `{"note": …}` of what may explain a finding, and at the end `{"commands": …,
"wrong": […], "cpu": …}`.
"""

import json
import os
import resource
import sys
import traceback
from pathlib import Path
from random import Random
from typing import IO

from fuzz_kit import answers, arguments, board_files, environment, processes, templates, webhook_calls
from fuzz_kit.stage import Stage, Tale

KINDS: dict[str, Tale] = {
    "board-files": board_files.story,
    "templates": templates.story,
    "arguments": arguments.story,
    "settings": environment.story,
    "answers": answers.story,
    "webhook-calls": webhook_calls.story,
    "processes": processes.story,
}
_MOST_MEMORY = 6 * 2**30


def main(scratch: Path, told: IO[str]) -> None:
    """Serve until nobody asks any more."""
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    _tell(told, {"step": "ready"})
    for line in sys.stdin:
        asked = json.loads(line)
        stage = Stage(scratch / "story", lambda sort, what: _tell(told, {sort: what}))
        begun = _processor()
        try:
            KINDS[asked["kind"]](stage, Random("{kind}/{seed}/{number}".format(**asked)))  # noqa: S311
        except Exception:  # noqa: BLE001 - a finding, or a mistake of the kit: both are to be seen
            stage.wrong.append(traceback.format_exc())
        wrong = list(dict.fromkeys(stage.wrong))
        _tell(told, {"commands": stage.commands, "wrong": wrong, "cpu": _processor() - begun})


def _processor() -> float:
    """Seconds that this process and those that it started have computed."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _tell(told: IO[str], what: object) -> None:
    told.write(json.dumps(what) + "\n")
    told.flush()


if __name__ == "__main__":
    # What stories print must not be taken for what they tell.
    own = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    main(Path(sys.argv[1]), own)
