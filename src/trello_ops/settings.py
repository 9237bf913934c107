"""Everything that differs per installation, from the environment and `.env`."""

import os
import re
from collections.abc import Collection, Iterator, Mapping
from email.utils import parseaddr
from itertools import product
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from trello_ops import setting_types
from trello_ops.addresses import SmtpServer, is_server, listening_address, readable_url, sqlite_file
from trello_ops.errors import InvalidSettings
from trello_ops.folder_files import Folder
from trello_ops.messages import say
from trello_ops.setting_sources import FILE, PREFIX, about, given_values, with_files_read
from trello_ops.setting_types import FilePath, LowerCase, Networks, Seconds
from trello_ops.suggestions import nearest
from trello_ops.wording import sentence

SECRETS = (
    "trello_key", "trello_token", "trello_secret", "smtp_url", "database_url", "notify_url", "heartbeat_url",
)  # fmt: skip
"""The fields that may also be given as the path of a file, by `…_FILE`."""
OFF = "off"
"""For `web_bind`: nothing listens."""
MAIL = "mail"
"""For `load(require=…)`: one of `smtp_url` and `mail_dir`."""

_WORD = re.compile(r"\w+")
_PIECE, _SHORTEST = 12, 8  # characters of a secret, and of a shorter one as a whole


def name_of(field: str) -> str:
    """The environment variable of a field."""
    return PREFIX + field.upper()


class Settings(BaseModel):
    """One installation's settings, made by `load`. Their repr shows no secrets.

    The text below each field is its comment in `.env.example`, as a test checks.
    """

    # Defaults are validated too: one that another setting rules out should be told as well.
    model_config = ConfigDict(
        alias_generator=name_of, loc_by_alias=False, extra="forbid", frozen=True, validate_default=True,
        allow_inf_nan=False, hide_input_in_errors=True, use_attribute_docstrings=True,
    )  # fmt: skip

    trello_key: SecretStr | None = None
    """API key, from https://trello.com/apps/admin."""
    trello_token: SecretStr | None = None
    """Token of the account that creates the cards, ideally one of the robot's own."""
    trello_secret: SecretStr | None = None
    """Secret of the API key, which proves that a webhook call is Trello's. Needed only with PUBLIC_URL."""
    trello_url: Annotated[str, AfterValidator(setting_types.trello_url)] = "https://api.trello.com"
    """Trello's address, or the local sandbox's: http:// is allowed for this machine only."""

    database_url: SecretStr = SecretStr("sqlite:///trello-ops.sqlite3")
    """The store: an SQLite file, relative to the current folder. Away from Trello itself, the default name
    has host and port in it, such as trello-ops-127.0.0.1-8910.sqlite3: a rehearsal has a store of its own.
    Or a PostgreSQL database that several machines share: postgresql://user:password@host:5432/trello_ops."""
    boards_dir: FilePath = Path("boards")
    """Folder of the board files."""
    templates_dir: FilePath = Path("templates")
    """Folder of the templates."""
    shared_dirs: Annotated[tuple[FilePath, ...], BeforeValidator(setting_types.folders)] = ()
    """Other folders to which links in those two may lead, such as for templates that several teams share.
    Several are separated like those of PATH. Files that lie anywhere else are refused."""

    smtp_url: SecretStr | None = None
    """Mail server for reports: smtp://user:password@host:587, which must offer STARTTLS (unless
    ?starttls=if_offered or ?starttls=never follows), or smtps://user:password@host:465. Not with MAIL_DIR."""
    mail_dir: FilePath | None = None
    """Folder to write reports to as .eml files instead of sending them. Only this user can read them."""
    mail_from: str = "trello-ops <trello-ops@localhost>"
    """Sender of the reports."""

    notify_url: SecretStr | None = None
    """Second channel for what cannot be mailed, as an apprise address such as mailto://, tgram:// or ntfy://
    (see https://appriseit.com). Without it, `status` and the log tell."""
    heartbeat_url: SecretStr | None = None
    """Address to ping after each pass that went well, with /start and /fail below it, as Healthchecks
    understands it: it raises the alarm when the robot falls silent."""

    public_url: Annotated[str, AfterValidator(setting_types.public_url)] | None = None
    """The https:// address at which Trello reaches WEB_BIND. With it, Trello tells at once what people do
    (webhooks); without it, that is seen at the next poll. Needs TRELLO_SECRET."""
    web_bind: str = "127.0.0.1:8911"
    """Where `run` serves pages, calendar feeds, its health and what Trello calls, or `off` for nowhere. For
    other machines, put a reverse proxy with TLS in front of it and say its address in PUBLIC_URL."""
    trusted_proxies: Networks = ()
    """Addresses or networks of reverse proxies, separated by commas, whose X-Forwarded-For is believed, so
    that each visitor is counted alone and not all of them as one."""

    lang: Annotated[Literal["en", "fr"], LowerCase] | None = None
    """Language of what commands print: en or fr. Without it, the one that boards/workspace.yaml names."""

    log_level: Annotated[Literal["debug", "info", "warning", "error"], LowerCase] = "info"
    """Lowest level of the log lines to write: debug, info, warning or error."""
    log_format: Annotated[Literal["auto", "console", "json"], LowerCase] = "auto"
    """Format of log lines: console, json, or auto (console on a terminal, else json)."""

    reconcile_seconds: Seconds = 300
    """Pause between comparisons of boards and files."""
    issue_seconds: Seconds = 15
    """Pause between checks for cards that are due to be made."""
    observe_seconds: Seconds = 30
    """Pause between polls for what people have done."""
    sweep_hours: Annotated[float, Field(gt=0, le=12)] = 6
    """From 50 boards on: how long a board may go unread while Trello reports no activity on it."""
    report_seconds: Seconds = 60
    """Pause between checks for a week to report."""
    settle_seconds: Seconds = 90
    """How long a write whose answer was lost is given to take effect before anyone looks for it."""
    request_timeout_seconds: Seconds = 20
    """How long one request to Trello may take, from connecting to the last byte of its answer."""
    lease_seconds: Seconds = 120
    """How long a claim on a card holds. More than twice REQUEST_TIMEOUT_SECONDS."""
    report_wait_hours: Annotated[float, Field(ge=0, le=168)] = 24
    """How long after its close a week waits for every board to be read."""
    max_archive_share: Annotated[float, Field(ge=0, le=1)] = 0.3
    """Largest share of its cards that a plan may archive without --force."""
    max_cards_created: Annotated[int, Field(ge=1)] = 50
    """Most cards that a plan may create on one board without --force."""
    requests_per_10s: Annotated[int, Field(ge=1, le=100)] = 100
    """Requests to Trello within ten seconds. Trello allows a token 100."""

    @field_validator("trello_key", "trello_token")
    @classmethod
    def _goes_into_a_header(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret and not re.fullmatch(r"[\w.~+/=-]+", secret.get_secret_value(), re.ASCII):
            raise ValueError(say("has characters that none has: copy it again"))
        return secret

    @field_validator("database_url")
    @classmethod
    def _database_is_known(cls, url: SecretStr) -> SecretStr:
        if not is_server(url.get_secret_value()):
            setting_types.usable_path(Path(sqlite_file(url.get_secret_value())))
        return url

    @field_validator("smtp_url")
    @classmethod
    def _mail_server_is_understood(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None:
            SmtpServer.parse(url.get_secret_value())
        return url

    @field_validator("notify_url")
    @classmethod
    def _channel_has_a_scheme(cls, url: SecretStr | None) -> SecretStr | None:
        if url and not re.match(r"[a-z][a-z0-9+.-]*://\S+$", url.get_secret_value(), re.IGNORECASE):
            raise ValueError(say("should be an apprise address, such as %(example)s", example="ntfy://topic"))
        return url

    @field_validator("heartbeat_url")
    @classmethod
    def _heartbeat_is_an_address(cls, url: SecretStr | None) -> SecretStr | None:
        if url and not re.match(r"https?://[^\s/]+(/\S*)?$", readable_url(url.get_secret_value())):
            raise ValueError(
                say("should be a web address, such as %(example)s", example="https://hc-ping.com/…")
            )
        return url

    @field_validator("mail_from")
    @classmethod
    def _sender_has_an_address(cls, sender: str) -> str:
        address = parseaddr(sender)[1]
        # A line break would let a value add headers of its own to every mail.
        one_line = sender.translate(dict.fromkeys(map(ord, "\u00a0\u202f"), " ")).isprintable()
        if "@" not in address or not address.isascii() or not one_line:
            raise ValueError(say("should be an e-mail address, or `Name <name@example.com>`"))
        return sender

    @field_validator("web_bind")
    @classmethod
    def _can_be_listened_on(cls, address: str) -> str:
        if address == OFF:
            return address
        listening_address(address)
        return address

    @field_validator("mail_dir")
    @classmethod
    def _one_way_to_mail(cls, folder: Path | None, info: ValidationInfo) -> Path | None:
        if folder and info.data.get("smtp_url"):
            raise ValueError(
                say("is set together with %(other)s: remove one of the two", other=name_of("smtp_url"))
            )
        return folder

    @field_validator("lease_seconds")
    @classmethod
    def _lease_outlasts_requests(cls, lease: float, info: ValidationInfo) -> float:
        least, timeout = 2 * info.data.get("request_timeout_seconds", 0), name_of("request_timeout_seconds")
        if lease <= least:
            raise ValueError(
                say(
                    "should be more than %(least)s, which is twice %(timeout)s: raise it, or lower that",
                    least=f"{least:g}",
                    timeout=timeout,
                )
            )
        return lease

    @property
    def boards_folder(self) -> Folder:
        """The folder of the board files, and where its links may lead."""
        return Folder(self.boards_dir, (self.boards_dir, *self.shared_dirs))

    @property
    def templates_folder(self) -> Folder:
        """The folder of the templates, and where its links may lead."""
        return Folder(self.templates_dir, (self.templates_dir, *self.shared_dirs))

    def web_address(self) -> tuple[str, int] | None:
        """Host and port to listen on; `None` to listen nowhere."""
        return None if self.web_bind == OFF else listening_address(self.web_bind)

    def visited_at(self) -> str:
        """The address below which people find the pages, without a slash at its end."""
        # Where it listens everywhere, as in a container, this machine has it too.
        here = re.sub(r"^(0\.0\.0\.0|\[::\]):", "127.0.0.1:", self.web_bind)
        return (self.public_url or f"http://{here}").rstrip("/")

    def secrets(self) -> tuple[str, ...]:
        """Every secret, for redaction: passwords of URLs as they are and as they are quoted there."""
        whole = (self.trello_key, self.trello_token, self.trello_secret, self.notify_url, self.heartbeat_url)
        found = [secret.get_secret_value() for secret in whole if secret]
        for url in filter(None, (self.smtp_url, self.database_url)):
            if password := urlsplit(url.get_secret_value()).password:
                found += [unquote(password), password]
        # Libraries name the path alone, or the address with its port; a bot's token stands where hosts do.
        for url in filter(None, (self.heartbeat_url, self.notify_url)):
            place, _, path = url.get_secret_value().partition("://")[2].partition("/")
            pieces = re.split("[:@]", place) if url is self.notify_url else []
            found += [piece for piece in (*pieces, path.strip("/")) if len(piece) >= _SHORTEST]
        return tuple(dict.fromkeys(found))


# ---- Loading ----------------------------------------------------------------------------------------


def load(
    env: Mapping[str, str] | None = None,
    env_file: Path | None = Path(".env"),
    require: Collection[str] = (),
    elsewhere: Collection[str] = (),
) -> Settings:
    """The settings of this installation. The environment wins over `.env`; an empty value counts as unset.

    `require` names the fields that the command cannot do without; `MAIL` stands for either way to send mail.
    What settings need of others may be said `elsewhere`, as in fleet.yaml. Raises `InvalidSettings` with all
    messages at once, none of which quotes a secret.
    """
    messages: list[str] = []
    given = given_values(os.environ if env is None else env, env_file, messages)
    values = with_files_read(tuple(map(name_of, SECRETS)), given, messages)
    misplaced = _misplaced(values)
    messages += misplaced.values()
    try:
        # Whatever else is wrong with such a value, what is said of it may repeat it.
        settings = Settings.model_validate({each: values[each] for each in values if each not in misplaced})
    except ValidationError as error:
        messages += _complaints(error)
    messages += _missing((*given, *map(name_of, elsewhere)), require)
    if messages:
        raise InvalidSettings(tuple(messages))
    return settings


def load_sound(
    env: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")
) -> tuple[Settings, frozenset[str]]:
    """The settings as far as they are sound, and the fields whose values are left out as they are not."""
    given = given_values(os.environ if env is None else env, env_file, [])
    values = with_files_read(tuple(map(name_of, SECRETS)), given, [])
    misplaced = _misplaced(values)
    values = {name: value for name, value in values.items() if name not in misplaced}
    while True:
        try:
            settings = Settings.model_validate(values)
        except ValidationError as error:
            places = {str(detail["loc"][0]) for detail in error.errors(include_input=False)}
            wrong = {*places, *map(name_of, places)} & values.keys()
            # Where a default does not go with a value, no value is named: then all of them are left out.
            values = {name: text for name, text in values.items() if wrong and name not in wrong}
        else:
            there = {name.removesuffix(FILE) for name in given}
            left_out = there - values.keys()
            return settings, frozenset(each for each in Settings.model_fields if name_of(each) in left_out)


def given_language(env: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")) -> str:
    """The language that the settings ask for, even where others of them are wrong; else English."""
    given = given_values(os.environ if env is None else env, env_file, [])
    asked = given.get(name_of("lang"), "").lower()
    return asked if asked in {"en", "fr"} else "en"


def _complaints(error: ValidationError) -> Iterator[str]:
    """One message per error, unknown names first: a misspelt one often explains the others."""
    known = [field.upper() for field in (*Settings.model_fields, *(field + FILE for field in SECRETS))]
    details = error.errors(include_url=False)
    for detail in sorted(details, key=lambda detail: detail["type"] != "extra_forbidden"):
        name = str(detail["loc"][0])
        if detail["type"] != "extra_forbidden":
            yield about(name_of(name), sentence(detail["type"], detail.get("ctx", {}), detail["input"]))
            continue
        # Compared without their prefix, which would make them all look alike.
        found = nearest(name.upper().removeprefix(PREFIX), known)
        advice = say("did you mean `%(name)s`?", name=PREFIX + found) if found else say("see .env.example")
        yield say("%(name)s is not a setting: %(advice)s", name=_shown(name), advice=advice)


def _misplaced(values: Mapping[str, str]) -> dict[str, str]:
    """What to say of each setting that holds a piece of a secret of another one, and is shown itself."""
    secrets = [name for name in map(name_of, SECRETS) if name in values]
    others = [name for name in values if name not in map(name_of, SECRETS)]
    found: dict[str, str] = {}
    for name, secret in product(others, secrets):
        # A piece is enough: people copy what they can see of a long token.
        held = [each for each in _pieces(values[secret]) if each in f"{name}={values[name]}"]
        if held:
            found[name] = say(
                "%(name)s holds the value of %(secret)s, or a part of it: give it its own",
                name=f"{PREFIX}…" if any(each in name for each in held) else _shown(name),
                secret=secret,
            )
    return found


def _shown(name: str) -> str:
    """A name as far as a setting's can go: in a damaged `.env` a value may follow, which may be a secret."""
    longest = max(len(name_of(field) + FILE) for field in Settings.model_fields)
    word = _WORD.match(name)
    shown = word[0][:longest] if word else ""
    return shown if shown == name else f"{shown}…"


def _pieces(secret: str) -> Iterator[str]:
    """What no other text has by chance: of an address the password, as it is written there and as it is."""
    before, _, _ = secret.rpartition("@")
    _, _, password = before.partition("//")[2].partition(":")
    for spelling in (password, unquote(password)) if "//" in secret else (secret,):
        length = min(len(spelling), _PIECE)
        if length >= _SHORTEST:
            yield from (spelling[at : at + length] for at in range(len(spelling) - length + 1))


def _missing(given: Collection[str], require: Collection[str]) -> Iterator[str]:
    """What the command, or another setting, cannot do without."""
    # A secret whose file cannot be used counts as there: its own message says what is wrong.
    there = {name.removesuffix(FILE) for name in given}
    for field in require:
        name, *others = map(name_of, ("smtp_url", "mail_dir") if field == MAIL else (field,))
        if not there.isdisjoint((name, *others)):
            continue
        if others:
            yield say(
                "%(name)s or %(other)s is missing: set one in the environment or in .env",
                name=name,
                other=others[0],
            )
        else:
            yield say("%(name)s is missing: set it in the environment or in .env", name=name)
    secret, public = name_of("trello_secret"), name_of("public_url")
    if public in given and secret not in there:  # without it, forged calls would look like Trello's
        yield say(
            "%(name)s is missing, which %(other)s needs: set it in the environment or in .env",
            name=secret,
            other=public,
        )
