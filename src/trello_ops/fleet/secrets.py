"""A fleet's secrets, which fleet.yaml names the places of; its keys of Trello's API among them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pydantic import SecretStr

from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.fleet.fleet_file import FleetFile, KeyShape, SourceShape
from trello_ops.fleet.tenant import ApiKey
from trello_ops.messages import say
from trello_ops.setting_sources import secret_in
from trello_ops.settings import Settings, name_of
from trello_ops.wording import said_by

OWN_KEY = "own"
"""The name of the settings' own key, where fleet.yaml names none."""


@dataclass(frozen=True, slots=True, repr=False)
class Secrets:
    """Where secrets are looked up: files below the folder of fleet.yaml, and variables."""

    folder: Path
    variables: Mapping[str, str]

    def read(self, source: SourceShape, shop: str = "") -> SecretStr:
        """A shop's secret, or one for all. Raises `ValueError` where there is none, saying what to do."""
        where = self.where(source, shop)
        if source.file is None:
            if where not in self.variables:
                raise ValueError(say("%(name)s is not set: set it in the environment or in .env", name=where))
            return SecretStr(self.variables[where])
        try:
            return SecretStr(secret_in(Path(where)))
        except ValueError as error:
            raise ValueError(say("%(name)s: %(complaint)s", name=where, complaint=said_by(error))) from None

    def where(self, source: SourceShape, shop: str = "") -> str:
        """The name of the variable, or the path of the file, with the shop's name filled in."""
        said = (source.env or source.file or "").replace("{name}", shop)
        said = said.replace("{NAME}", shop.upper().replace("-", "_"))
        return said if source.file is None else str(self.folder / said)


def api_keys(file: FleetFile, secrets: Secrets, settings: Settings) -> dict[str, ApiKey]:
    """The keys by name. Raises `InvalidDeclaration`: without its key no shop can be tended."""
    problems = list[Problem]()
    if file.said.keys:
        found = {
            name: key
            for name, shape in file.said.keys.items()
            if (key := _key(name, shape, file, secrets, problems))
        }
    else:
        found = {key.name: key for key in _own(file, settings, problems)}
    for key in found.values():
        if settings.public_url and key.secret is None:
            needs = say(
                "has no `secret`, which %(other)s needs, as Trello's calls are known by it: add it",
                other=name_of("public_url"),
            )
            problems.append(file.problem(("keys", key.name), needs))
    if problems:
        raise InvalidDeclaration(tuple(problems))
    return found


def _key(
    name: str, shape: KeyShape, file: FleetFile, secrets: Secrets, problems: list[Problem]
) -> ApiKey | None:
    told = dict[str, SecretStr]()
    for field, source in (("key", shape.key), ("secret", shape.secret)):
        try:
            if source:
                told[field] = secrets.read(source)
        except ValueError as error:
            problems.append(file.problem(("keys", name, field), said_by(error)))
    sound = len(told) == len(shape.model_fields_set)
    return ApiKey(name, told["key"], told.get("secret")) if sound else None


def _own(file: FleetFile, settings: Settings, problems: list[Problem]) -> Iterator[ApiKey]:
    if settings.trello_key:
        yield ApiKey(OWN_KEY, settings.trello_key, settings.trello_secret)
        return
    name = name_of("trello_key")
    problems.append(
        file.problem(
            (), say("names no key of Trello's API: write one below `keys:`, or set %(name)s", name=name)
        )
    )


def share(shop: str, keys: Iterable[str]) -> str:
    """The key that a shop gets which names none: always the same one of the same keys."""
    # Each key draws a number for the shop, and the highest wins: one key more takes over its share alone.
    return max(keys, key=lambda key: sha256(f"{shop} {key}".encode()).digest())
