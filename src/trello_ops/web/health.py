"""Whether the daemon lives, and whether it does its work: for whoever restarts it, and who sends it calls."""

import datetime as dt
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from trello_ops.core.problems import TOKEN
from trello_ops.errors import StoreError
from trello_ops.jobs import Job
from trello_ops.ports import Services
from trello_ops.web.look import Look

LATE_INTERVALS: Final = 10
"""A job is late when its last success is so many of its intervals ago,"""

LATE_SECONDS: Final = 900.0
"""but never before so many seconds: a pass over a thousand boards takes its time."""

_PATIENCE, _KEEP = 3.0, 2.0  # seconds


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that has to be so. Anybody may read it: `why` names neither people nor tasks nor places."""

    check: str
    ok: bool
    why: str


STORE: Final = Check("store", ok=True, why="it answers")
NO_STORE: Final = Check("store", ok=False, why="it cannot be used; the log and `trello-ops status` say why")
"""The store's own words would name the file or the server."""


def health_routes(
    alive: Callable[[], bool],
    find: Callable[[], tuple[Check, ...]],
    *,
    patience: float = _PATIENCE,
    monotonic: Callable[[], float] = time.monotonic,
) -> list[Route]:
    """`/health/live` and `/health/ready`. `alive` says whether alarms ring, `find` what has to be so.

    A store that does not answer within `patience` seconds is not waited for.
    """
    look = Look(find, _KEEP, patience, monotonic)

    async def live(_: Request) -> JSONResponse:
        ringing = alive()
        return JSONResponse({"live": ringing}, 200 if ringing else 503)

    async def ready(_: Request) -> JSONResponse:
        try:
            checks = await look.now()
        except TimeoutError:
            checks = (Check("store", ok=False, why=f"no answer within {patience:g} seconds"),)
        well = all(each.ok for each in checks)
        said = {"ready": well, "checks": [asdict(each) for each in checks]}
        return JSONResponse(said, 200 if well else 503, {"cache-control": "no-store"})

    return [Route("/health/live", live), Route("/health/ready", ready)]


def readiness(services: Services, jobs: Collection[Job]) -> tuple[Check, ...]:
    """Whether the store answers, Trello takes the token, and each job has succeeded of late."""
    try:
        succeeded, problems = services.store.jobs(), services.store.problems()
    except StoreError:
        return (NO_STORE,)
    refused = any(problem.subject == str(TOKEN) for problem in problems)
    token = Check("token", not refused, "Trello refuses it" if refused else "not refused")
    return (
        STORE,
        token,
        *_timely(jobs, succeeded, services.clock.now()),
    )


def allowed(job: Job) -> float:
    """How many seconds ago the last success of a job may be."""
    return max(LATE_INTERVALS * job.seconds, LATE_SECONDS)


def _timely(jobs: Collection[Job], succeeded: dict[str, dt.datetime], now: dt.datetime) -> Iterator[Check]:
    for job in jobs:
        name, last = f"job:{job.name}", succeeded.get(job.name)
        if last is None:
            yield Check(name, ok=False, why="it has not succeeded yet")
            continue
        ago, most = (now - last).total_seconds(), allowed(job)
        why = f"it succeeded {max(0, round(ago))} seconds ago, of {most:g} at most"
        yield Check(name, ago <= most, why)
