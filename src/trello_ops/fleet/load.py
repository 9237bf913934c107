"""From fleet.yaml and its shops' folders to a `Fleet`: a problem of one shop stops no other."""

import glob
import os
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from trello_ops.declared import glance
from trello_ops.declared.fields import KEY_PATTERN
from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.fleet.fleet_file import FleetFile, SourceShape, TendedShape, read
from trello_ops.fleet.secrets import Secrets, api_keys, share
from trello_ops.fleet.tenant import Agency, ApiKey, Fleet, Tenant
from trello_ops.folder_files import is_folder
from trello_ops.located_yaml import Path as Place
from trello_ops.messages import joined, say
from trello_ops.own_store import store_address
from trello_ops.setting_sources import about, every_value
from trello_ops.settings import Settings, load, name_of
from trello_ops.wording import said_by, sentence, shown

_SECRETS = {"token": "trello_token", "smtp": "smtp_url", "notify": "notify_url", "heartbeat": "heartbeat_url"}
"""The settings that a shop's secrets are, by their names in fleet.yaml."""

_WAYS = ("smtp", "notify")
"""Those by which the report of all shops leaves as well, where they are said of all."""


def load_fleet(
    path: Path, env: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")
) -> Fleet:
    """The fleet that a fleet.yaml declares; variables that it names are looked up in `env`, then `env_file`.

    Raises `InvalidDeclaration` for a file with problems, and `InvalidSettings`. What is wrong with single
    shops is among the fleet's `problems`. Reads of each shop only where it is and its workspace's key.
    """
    env = os.environ if env is None else env
    settings = load(env, env_file, elsewhere=("trello_secret",))
    file = read(path)
    secrets = Secrets(file.folder, every_value(env, env_file))
    keys = api_keys(file, secrets, settings)
    members, missing = _members(file)
    reading = _Reading(file, secrets, keys, settings)
    tenants, workspaces, problems = dict[str, Tenant](), dict[str, str](), defaultdict[str, list[str]](list)
    for name, message in missing:
        problems[name].append(message)
    for member in members:
        shop = reading.shop(member)
        problems[member.name] += [problem.located for problem in shop.problems]
        if shop.workspace:
            workspaces[member.name] = shop.workspace
        if shop.tenant:
            tenants[member.name] = shop.tenant
    for name, message in (*_named_alike(members), *_keyed_alike(workspaces)):
        problems[name].append(message)
    told = {name: joined(messages, "\n") for name, messages in sorted(problems.items()) if messages}
    sound = {name: tenant for name, tenant in sorted(tenants.items()) if name not in told}
    return Fleet(sound, keys, told, workspaces, reading.agency())


# ---- Folders ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Member:
    """A shop's folder, and all that is said of it, with the places; what comes later counts more."""

    folder: Path
    said: tuple[tuple[Place, TendedShape], ...]

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.folder.name

    @property
    def place(self) -> Place:
        """The entry that brought the folder in."""
        return self.said[min(1, len(self.said) - 1)][0]

    def last(self, field: str) -> tuple[Place, object] | None:
        """What counts of a field, and where it stands; `None` where nothing is said of it."""
        found = [
            ((*place, field), getattr(shape, field))
            for place, shape in self.said
            if getattr(shape, field) is not None
        ]
        return found[-1] if found else None


def _members(file: FleetFile) -> tuple[list[_Member], list[tuple[str, str]]]:
    """The shops' folders, and of each entry without any a name and what to do."""
    said = defaultdict[Path, list[tuple[Place, TendedShape]]](list)
    missing = list[tuple[str, str]]()
    for at, shop in enumerate(file.said.shops):
        folders = _folders(file.folder, shop.folder)
        for folder in folders:
            said[folder].append((("shops", at), shop))
        if folders:
            continue
        if glob.has_magic(shop.folder):
            name = shop.folder
            message = say("matches no folder: correct it, or put the folders back; nothing is withdrawn")
        else:
            name = Path(shop.folder).name
            message = say("is no folder: put it back, or delete the entry; nothing is withdrawn by itself")
        missing.append((name, file.problem(("shops", at, "folder"), message).located))
    return [_Member(folder, (_defaults(file), *its)) for folder, its in said.items()], missing


def _defaults(file: FleetFile) -> tuple[Place, TendedShape]:
    """What is said of all shops, and where."""
    return ("defaults",), file.said.defaults


def _folders(here: Path, pattern: str) -> list[Path]:
    """The folders that a pattern matches, or the one that it names; hidden ones only where it names them."""
    # Not by `Path.glob`, which finds `.git` too.
    found = glob.glob(pattern, root_dir=here) if glob.has_magic(pattern) else [pattern]  # noqa: PTH207
    paths = (Path(os.path.normpath(here / each)) for each in sorted(found))
    return [path for path in paths if is_folder(path)]


def _named_alike(members: Iterable[_Member]) -> Iterator[tuple[str, str]]:
    folders = defaultdict[str, list[str]](list)
    for member in members:
        folders[member.name].append(str(member.folder))
    for name, its in folders.items():
        if len(its) > 1:
            yield (
                name,
                say(
                    "several folders have this name (%(folders)s): rename all but one", folders=", ".join(its)
                ),
            )


def _keyed_alike(workspaces: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    names = defaultdict[str, list[str]](list)
    for name, key in workspaces.items():
        names[key].append(name)
    for key, its in names.items():
        for name in its if len(its) > 1 else ():
            yield (
                name,
                say(
                    "workspace.yaml has the key `%(key)s`, as that of %(others)s has: give each shop its own",
                    key=key,
                    others=joined(other for other in its if other != name),
                ),
            )


# ---- One shop ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shop:
    """What was found of one shop; with problems, it cannot be tended."""

    problems: tuple[Problem, ...]
    workspace: str | None = None
    tenant: Tenant | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """What shops are read with, one after another."""

    file: FleetFile
    secrets: Secrets
    keys: Mapping[str, ApiKey]
    settings: Settings

    def shop(self, member: _Member) -> _Shop:
        """One shop. Never raises for what is wrong with it."""
        if not re.fullmatch(KEY_PATTERN, member.name):
            message = say(
                "`%(name)s` cannot be a shop's name: name its folder with lower-case letters, digits and"
                " hyphens",
                name=shown(member.name),
            )
            return _Shop((self._told(member.place, message),))
        problems = list[Problem]()
        key = self._key(member)
        replaced: dict[str, object] = {
            "database_url": store_address(self.settings),
            "trello_key": self.keys[key].key,
            "trello_secret": self.keys[key].secret,
            **self._folders(member, problems),
            **self._own(member, _SECRETS, problems),
        }
        if not member.last("token"):
            message = say(
                "has no token: name where it is with `token:`, such as `TOKEN_{NAME}` for each shop's own"
            )
            problems.append(self._told(member.place, message))
        settings = self._settings(member, replaced, problems)
        workspace = glance.key(settings.boards_folder if settings else member.folder / "boards")
        if workspace is None:
            problems.append(_no_workspace(member.folder))
        if problems or settings is None:
            return _Shop(tuple(problems), workspace)
        labels = member.last("labels")
        told = tuple(str(each) for each in labels[1]) if labels and isinstance(labels[1], tuple) else ()
        return _Shop((), workspace, Tenant(member.name, key, settings, told))

    def agency(self) -> Agency | None:
        """Who gets the week of all. Raises `InvalidDeclaration`: nobody would miss what is never sent."""
        said = self.file.said.report
        if said is None:
            return None
        problems, all_shops = list[Problem](), _Member(self.file.folder, (_defaults(self.file),))
        settings = self._settings(all_shops, self._own(all_shops, _WAYS, problems), problems)
        if problems or settings is None:
            raise InvalidDeclaration(tuple(problems))
        return Agency(said.to, said.name or "", said.locale, settings)

    def _key(self, member: _Member) -> str:
        said = member.last("key")
        return str(said[1]) if said else share(member.name, self.keys)

    def _folders(self, member: _Member, problems: list[Problem]) -> dict[str, object]:
        """Where its boards and templates lie. Links from both may lead to the shared templates."""
        own, shared = member.folder / "templates", member.last("templates_from")
        found = self.file.folder / str(shared[1]) if shared else None
        if shared and found and not is_folder(found):
            message = say("%(folder)s is no folder: correct it, or put it back", folder=str(found))
            problems.append(self._told(shared[0], message))
        if not found and not is_folder(own):
            message = say(
                "%(folder)s holds no folder `templates`: make one, or name one with `templates_from`",
                folder=str(member.folder),
            )
            problems.append(self._told(member.place, message))
        return {
            "boards_dir": member.folder / "boards",
            "templates_dir": found if found and not is_folder(own) else own,
            "shared_dirs": (*self.settings.shared_dirs, *([found] if found else ())),
        }

    def _own(self, member: _Member, names: Collection[str], problems: list[Problem]) -> dict[str, object]:
        """The settings that are said of it: the secrets of these names, and who sends its mails."""
        found = dict[str, object]()
        for name in names:
            said = member.last(name)
            try:
                if said and isinstance(said[1], SourceShape):
                    found[_SECRETS[name]] = self.secrets.read(said[1], member.name)
            except ValueError as error:
                problems.append(self._told(said[0] if said else member.place, said_by(error)))
        if "smtp_url" in found:  # one way to mail, and its own is the nearer one
            found["mail_dir"] = None
        if sender := member.last("mail_from"):
            found["mail_from"] = sender[1]
        return found

    def _settings(
        self, member: _Member, replaced: Mapping[str, object], problems: list[Problem]
    ) -> Settings | None:
        """The process's own settings, with what is the shop's in their place."""
        own = {field: getattr(self.settings, field) for field in self.settings.model_fields_set}
        own = {field: value for field, value in own.items() if field not in _OF_SHOPS}
        try:
            return Settings.model_validate({name_of(f): v for f, v in {**own, **replaced}.items()})
        except ValidationError as error:
            for each in error.errors(include_url=False):
                complaint = sentence(each["type"], each.get("ctx", {}), each["input"])
                problems.append(self._about_setting(member, str(each["loc"][0]), complaint))
            return None

    def _about_setting(self, member: _Member, setting: str, complaint: str) -> Problem:
        """What is wrong with a setting of a shop, at the place in fleet.yaml that it comes from."""
        fields = {their: ours for ours, their in _SECRETS.items()} | {"mail_from": "mail_from"}
        said = member.last(fields[setting]) if setting in fields else None
        if said is None:
            place: Place = ("keys", self._key(member), "key") if setting == "trello_key" else member.place
            return self._told(place, about(name_of(setting), complaint))
        source = said[1]
        name = self.secrets.where(source, member.name) if isinstance(source, SourceShape) else ""
        return self._told(said[0], about(name, complaint) if name else complaint)

    def _told(self, place: Place, message: str) -> Problem:
        return self.file.problem(place, message)


_OF_SHOPS = frozenset({"trello_token"})
"""Settings that no shop takes over from the process: its token is that of fleet.yaml, or none."""


def _no_workspace(folder: Path) -> Problem:
    file = folder / "boards" / "workspace.yaml"
    message = say("names no key of a workspace: write the file, with `key:` at the beginning of a line")
    return Problem(str(file), 1, 1, "", message)
