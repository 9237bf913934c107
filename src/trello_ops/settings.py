"""Everything that differs per installation, from the environment and `.env`."""

import ipaddress
import os
import re
from collections.abc import Collection, Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from trello_ops.errors import InvalidSettings
from trello_ops.wording import nearest, sentence

PREFIX = "TRELLO_OPS_"
MAIL = "mail"
"""For `load(require=…)`: one of `smtp_url` and `mail_dir`."""

_PLACES = "the environment or in .env"


# ---- Fields that need more than a type --------------------------------------------------------------
# A message never quotes what it was given: it may hold a password.


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise ValueError("is not an address that can be read: correct its host or port") from None
    return parts


def _trello_url(url: str) -> str:
    parts = _split(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("should begin with https://, such as https://api.trello.com")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("should hold a host and nothing more: key and token have settings of their own")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError(
            "would send key and token unencrypted: use https:// (http:// is for this machine only)"
        )
    return url.rstrip("/")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _database_url(url: SecretStr) -> SecretStr:
    if not re.match(r"sqlite(\+\w+)?://", url.get_secret_value()):
        raise ValueError("should begin with sqlite:///, such as sqlite:///trello-ops.sqlite3")
    return url


def _smtp_url(url: SecretStr) -> SecretStr:
    parts = _split(url.get_secret_value())
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError(
            "should be written like smtp://user:password@host:587 or smtps://user:password@host:465"
        )
    options = parse_qs(parts.query, keep_blank_values=True)
    starttls = options.pop("starttls", ["offered"])[-1]
    if options or starttls not in {"offered", "required", "never"}:
        raise ValueError("has an option that is not known: use ?starttls=required, offered or never, or none")
    return url


def _sender(text: str) -> str:
    address = parseaddr(text)[1]
    if "@" not in address or not address.isascii() or not text.isprintable():
        raise ValueError("should be an e-mail address, or `Name <name@example.com>`")
    return text


def _public_url(url: str) -> str:
    parts = _split(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("should begin with https://, such as https://trello-ops.example.org")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("should hold a host, perhaps a path, and nothing more")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError("should begin with https:// (http:// is for the sandbox on this machine only)")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("should be written as browsers send it, without spaces and accents")
    return url.rstrip("/")


def _bind(address: str) -> str:
    """A host is not looked up: what it stood for might change."""
    host, _, port = address.rpartition(":")
    if not _is_address(host.removeprefix("[").removesuffix("]")) or not port.isdecimal():
        raise ValueError("should be written like 127.0.0.1:8911 or [::1]:8911")
    if not 0 < int(port) < 65_536:
        raise ValueError("should have a port from 1 to 65535")
    return address


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _lower(word: str) -> str:
    return word.lower()


Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]


class Settings(BaseSettings):
    """One installation's settings: `load` makes them. Secrets do not show in their repr."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", validate_default=True, hide_input_in_errors=True
    )

    trello_key: SecretStr | None = Field(None, description="API key, from https://trello.com/apps/admin.")
    trello_token: SecretStr | None = Field(
        None, description="Token of the account that makes the cards; best an account of the robot's own."
    )
    trello_secret: SecretStr | None = Field(
        None,
        description="Secret of the API key, by which webhooks are checked. Needed with PUBLIC_URL only.",
    )
    trello_url: Annotated[str, AfterValidator(_trello_url)] = Field(
        "https://api.trello.com",
        description="Trello's address, or the local sandbox's: http:// is allowed for this machine only.",
    )
    database_url: Annotated[SecretStr, AfterValidator(_database_url)] = Field(
        SecretStr("sqlite:///trello-ops.sqlite3"),
        description="The store: an SQLite file, below the current folder.",
    )
    boards_dir: Path = Field(Path("boards"), description="Folder of the board files.")
    templates_dir: Path = Field(Path("templates"), description="Folder of the templates.")
    smtp_url: Annotated[SecretStr, AfterValidator(_smtp_url)] | None = Field(
        None,
        description=(
            "Mail server for reports: smtp://user:password@host:587, with ?starttls=required or "
            "?starttls=never where needed, or smtps://user:password@host:465. Not together with MAIL_DIR."
        ),
    )
    mail_dir: Path | None = Field(
        None, description="Folder that reports are written to as .eml files, instead of being sent."
    )
    mail_from: Annotated[str, AfterValidator(_sender)] = Field(
        "trello-ops <trello-ops@localhost>", description="Sender of the reports."
    )
    public_url: Annotated[str, AfterValidator(_public_url)] | None = Field(
        None,
        description=(
            "The https:// address by which Trello reaches WEB_BIND. With it Trello tells at once what people "
            "do (webhooks); without it, it is seen at the next look. Needs TRELLO_SECRET."
        ),
    )
    web_bind: Annotated[str, AfterValidator(_bind)] = Field(
        "127.0.0.1:8911",
        description="Where `run` listens while PUBLIC_URL is set: the target of a reverse proxy, say.",
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = Field(
        "info", description="The least important log lines that are written: debug, info, warning or error."
    )
    log_format: Annotated[Literal["auto", "console", "json"], BeforeValidator(_lower)] = Field(
        "auto", description="Form of log lines: console, json, or auto (console on a terminal, else json)."
    )
    reconcile_seconds: Seconds = Field(300, description="Pause between two comparisons of boards and files.")
    issue_seconds: Seconds = Field(
        15, description="Pause between two looks for cards that are due to be made."
    )
    observe_seconds: Seconds = Field(30, description="Pause between two looks at what people have done.")
    sweep_hours: float = Field(
        6, gt=0, le=12, allow_inf_nan=False,
        description="From 50 boards on: within how long each is read even if Trello says nothing of news.",
    )  # fmt: skip
    report_seconds: Seconds = Field(60, description="Pause between two looks for a week to report.")
    settle_seconds: Seconds = Field(
        90, description="How long a write whose answer was lost is left to land before anybody looks for it."
    )
    request_timeout_seconds: Seconds = Field(20, description="How long one request to Trello may take.")
    lease_seconds: Seconds = Field(
        120, description="How long a claim on a card holds. More than twice REQUEST_TIMEOUT_SECONDS."
    )
    report_wait_hours: float = Field(
        24, ge=0, le=168, allow_inf_nan=False,
        description="How long after its close a week waits for a full reading of the boards.",
    )  # fmt: skip
    max_archive_share: float = Field(
        0.3, ge=0, le=1, allow_inf_nan=False,
        description="Share of its cards that a plan may archive without --force.",
    )  # fmt: skip
    max_cards_created: int = Field(
        50, ge=1, description="Cards that a plan may create on one board without --force."
    )
    requests_per_10s: int = Field(
        100, ge=1, le=100, description="Requests to Trello within ten seconds. Trello allows a token 100."
    )

    @field_validator("mail_dir")
    @classmethod
    def _one_way_to_mail(cls, folder: Path | None, info: ValidationInfo) -> Path | None:
        if folder and info.data.get("smtp_url"):
            raise ValueError(f"is set together with {name_of('smtp_url')}: remove one of the two")
        return folder

    @field_validator("lease_seconds")
    @classmethod
    def _lease_outlasts_requests(cls, lease: float, info: ValidationInfo) -> float:
        timeout = info.data.get("request_timeout_seconds", 0)
        if lease <= 2 * timeout:
            other = name_of("request_timeout_seconds")
            raise ValueError(
                f"should be more than {2 * timeout:g}, which is twice {other}: raise it, or lower that"
            )
        return lease

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 (pydantic-settings' signature)
        init_settings: PydanticBaseSettingsSource,
        *_: Any,
        **__: Any,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What `load` gathered, and nothing else: it also knows unknown names and secrets in files."""
        return (init_settings,)

    def web_address(self) -> tuple[str, int]:
        """Host and port to listen on."""
        host, _, port = self.web_bind.rpartition(":")
        return host.removeprefix("[").removesuffix("]"), int(port)

    def secrets(self) -> tuple[str, ...]:
        """Every secret as it would show up if it leaked: for redaction."""
        alone = (self.trello_key, self.trello_token, self.trello_secret)
        within = (self.smtp_url, self.database_url)
        found = [secret.get_secret_value() for secret in alone if secret]
        found += [spelling for url in within if url for spelling in _passwords(url.get_secret_value())]
        return tuple(dict.fromkeys(found))


def _passwords(url: str) -> tuple[str, ...]:
    """A URL's password, decoded and as written."""
    password = urlsplit(url).password
    return (unquote(password), password) if password else ()


SECRETS = ("trello_key", "trello_token", "trello_secret", "smtp_url", "database_url")
"""The fields that may also be given as the path of a file, by `…_FILE`."""


def name_of(field: str) -> str:
    """The environment variable of a field."""
    return PREFIX + field.upper()


# ---- Loading ----------------------------------------------------------------------------------------


def load(
    env: Mapping[str, str] | None = None,
    env_file: Path | None = Path(".env"),
    require: Collection[str] = (),
) -> Settings:
    """The settings of this installation. The environment wins over `.env`; an empty value counts as none.

    `require` names the fields that the command cannot do without, and `MAIL` for a way to send mail. Raises
    `InvalidSettings` with every message there is; no message holds a value of a secret.
    """
    messages: list[str] = []
    given = _given(os.environ if env is None else env, env_file, messages)
    _complain_of_unknown(given, messages)
    values = {field: given[name_of(field)] for field in Settings.model_fields if name_of(field) in given}
    values |= _from_files(given, messages)
    settings = _validated(values, messages)
    _complain_of_missing(given, require, messages)
    _complain_of_unchecked(given, messages)
    if settings is None or messages:
        raise InvalidSettings(tuple(messages))
    return settings


def _given(env: Mapping[str, str], env_file: Path | None, messages: list[str]) -> dict[str, str]:
    """Our names and what they are set to, from both sources."""
    both = {**_dotenv(env_file, messages), **{name: value for name, value in env.items() if value.strip()}}
    return {
        name: value.strip()
        for name, value in both.items()
        if name.upper().startswith(PREFIX) and value and value.strip()
    }


def _dotenv(path: Path | None, messages: list[str]) -> Mapping[str, str | None]:
    if path is None:
        return {}
    try:
        return DotEnvSettingsSource(
            Settings, path, env_file_encoding="utf-8-sig", case_sensitive=True
        ).env_vars
    except OSError as error:
        messages.append(f"{path} cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        messages.append(f"{path} is not UTF-8 text: save it with the encoding UTF-8")
    return {}


def _complain_of_unknown(given: Mapping[str, str], messages: list[str]) -> None:
    known = [name_of(field) for field in Settings.model_fields] + [_file_name_of(field) for field in SECRETS]
    messages.extend(f"{name} is not a setting: {_advice(name, known)}" for name in given if name not in known)


def _advice(name: str, known: list[str]) -> str:
    """Without the prefix, which would make every name look like every other."""
    found = nearest(name.upper().removeprefix(PREFIX), [other.removeprefix(PREFIX) for other in known])
    return f"did you mean `{PREFIX}{found}`?" if found else "see .env.example"


def _from_files(given: Mapping[str, str], messages: list[str]) -> dict[str, str]:
    """The secrets that are given as the path of a file."""
    values = {}
    for field in SECRETS:
        name, path = _file_name_of(field), given.get(_file_name_of(field))
        if path is None:
            continue
        if name_of(field) in given:
            messages.append(f"{name} and {name_of(field)} are both set: remove one of the two")
        elif (value := _secret_in(Path(path), name, messages)) is not None:
            values[field] = value
    return values


def _secret_in(path: Path, name: str, messages: list[str]) -> str | None:
    """Never names the path: somebody may have given the secret in its place."""
    try:
        if value := path.read_text("utf-8").strip():
            return value
        messages.append(f"{name}: the file is empty: write the secret into it")
    except OSError as error:
        messages.append(f"{name}: the file cannot be read ({error.strerror}): give the path of a file")
    except ValueError:
        messages.append(f"{name}: the file is not UTF-8 text: write nothing but the secret into it")
    return None


def _validated(values: Mapping[str, str], messages: list[str]) -> Settings | None:
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            field = str(detail["loc"][0])
            messages.append(
                f"{name_of(field)} {sentence(detail['type'], detail.get('ctx', {}), detail['input'])}"
            )
    return None


def _complain_of_missing(given: Mapping[str, str], require: Collection[str], messages: list[str]) -> None:
    """A secret whose file is wrong is not missing."""
    set_ = {field for field in Settings.model_fields if {name_of(field), _file_name_of(field)} & given.keys()}
    for field in require:
        if field == MAIL:
            if not set_ & {"smtp_url", "mail_dir"}:
                messages.append(
                    f"{name_of('smtp_url')} or {name_of('mail_dir')} is missing: set one in {_PLACES}"
                )
        elif field not in set_:
            messages.append(f"{name_of(field)} is missing: set it in {_PLACES}")


def _complain_of_unchecked(given: Mapping[str, str], messages: list[str]) -> None:
    """Without the secret nobody could tell Trello's calls from others."""
    secret = {name_of("trello_secret"), _file_name_of("trello_secret")}
    if name_of("public_url") in given and not secret & given.keys():
        messages.append(
            f"{name_of('trello_secret')} is missing, which {name_of('public_url')} needs: set it in {_PLACES}"
        )


def _file_name_of(field: str) -> str:
    return name_of(field) + "_FILE"
