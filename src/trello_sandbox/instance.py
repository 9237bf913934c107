"""One running sandbox: its world, and what is kept beside it."""

import asyncio
import time
from pathlib import Path

from trello_sandbox.clock import Clock
from trello_sandbox.config import OWN_LINKS, SandboxConfig
from trello_sandbox.faults import Faults
from trello_sandbox.limits import RateLimits
from trello_sandbox.requests_log import RequestLog
from trello_sandbox.state.world import World, digest
from trello_sandbox.switches import Switches
from trello_sandbox.webhooks.deliveries import Deliveries

_SAVE_EVERY = 1.0


class Sandbox:
    """Everything that a running server holds. Used on its event loop only. `address` is the server's."""

    def __init__(self, config: SandboxConfig, address: str = "") -> None:
        self.config = config
        self._site = address if address and config.links == OWN_LINKS else "https://trello.com"
        self.clock = Clock()
        self.switches = Switches()
        self.faults = Faults()
        self.requests = RequestLog()
        self.limits = RateLimits(self.switches, enforced=config.rate_limit)
        self.landing: set[asyncio.TimerHandle] = set()  # requests that are done late
        self.held: list[dict[str, str]] = []  # requests whose client waits in vain
        self.changed = False
        self.world = World(self.clock, self.switches, config.tenant, self._site)
        self.deliveries = Deliveries(config.secret, lambda: self.world, self.touch)
        self.world.on_action = self.deliveries.hear
        if config.data and config.data.exists():
            self._load(config.data)
        self.world.populate()
        robot = self.world.hire(config.tenant.robot, config.tenant.robot_name)
        self.world.grant(config.token, robot, person=False)

    def touch(self) -> None:
        """Note that there is something to save."""
        self.changed = True

    def _load(self, path: Path) -> None:
        """Read the data file. Tokens that the robot had at earlier starts are revoked."""
        if not path.is_file():  # a device may have no end, and saving would put a file in its place
            raise ValueError(f"{path} is no file")
        try:
            self.world.load(path)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path} is no file of this sandbox: {error!r}") from error
        self.changed = True  # an older file has no id of its world yet, and may lack people of the tenant
        current = digest(self.config.token)
        for token in [each for each in self.world.tokens.all() if not each.person and each.digest != current]:
            self.world.revoke(token)

    def reset(self) -> None:
        """Go back to an empty world in real time, without faults, used-up limits or requests under way.

        Members, their tokens and the switches stay.
        """
        self._forget_landings()
        self.deliveries.stop()
        self.clock.set(None)
        self.faults.waiting.clear()
        self.limits.clear()
        self.requests.clear()
        fresh = World(self.clock, self.switches, self.config.tenant, self._site)
        fresh.keep_people(self.world)
        self.world = fresh
        self.changed = True

    def close(self) -> None:
        """Save, and do nothing more."""
        self._forget_landings()
        self.save()

    def _forget_landings(self) -> None:
        for handle in self.landing:
            handle.cancel()
        self.landing.clear()

    # ---- the data file

    async def keep_saving(self) -> None:
        """Save about a second after a change, and less often when saving takes long. Runs until cancelled."""
        pause = _SAVE_EVERY
        while True:
            await asyncio.sleep(pause)
            started = time.perf_counter()
            self.save()
            pause = max(_SAVE_EVERY, 20 * (time.perf_counter() - started))

    def save(self) -> None:
        """Write the data file, if there is one and anything changed."""
        if self.config.data and self.changed:
            self.changed = False
            self.world.save(self.config.data)
