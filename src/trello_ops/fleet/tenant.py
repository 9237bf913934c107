"""A fleet as it is declared: its shops, each with the settings that it runs by."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import SecretStr

from trello_ops.settings import Settings


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of Trello's API, whose 300 requests in ten seconds all tokens made with it share."""

    name: str
    key: SecretStr
    secret: SecretStr | None = None


@dataclass(frozen=True, slots=True)
class Tenant:
    """One shop of a fleet.

    `name` is that of its folder, and unique; `labels` are the groups that people choose shops by; `key` names
    its `ApiKey`. `settings` hold its folders, its token and the fleet's database.
    """

    name: str
    key: str
    settings: Settings
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agency:
    """Who gets the week of all shops, and in which language.

    `name` is what the shops are called together, or empty. `settings` say by which way mails leave.
    """

    recipients: tuple[str, ...]
    name: str
    locale: str
    settings: Settings


@dataclass(frozen=True, slots=True)
class Fleet:
    """Every shop that can be tended, by name, and what keeps others from it, by the name of their folder.

    `workspaces` are the keys of the workspaces that the folders hold, also of shops that cannot be tended.
    `agency` is `None` where nobody gets the week of all.
    """

    tenants: Mapping[str, Tenant] = field(default_factory=dict)
    keys: Mapping[str, ApiKey] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    workspaces: Mapping[str, str] = field(default_factory=dict)
    agency: Agency | None = None

    def secrets(self) -> frozenset[str]:
        """Everything that must not appear in a log, in every form in which it could."""
        used = [tenant.settings for tenant in self.tenants.values()]
        used += [self.agency.settings] if self.agency else []
        return frozenset(secret for settings in used for secret in settings.secrets())
