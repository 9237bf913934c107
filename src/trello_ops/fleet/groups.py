"""Which shops one node tends together: those that share a token, and with it a budget of requests."""

import hashlib
from collections.abc import Mapping

from trello_ops.fleet.tenant import Fleet, Tenant


def groups(fleet: Fleet) -> Mapping[str, tuple[Tenant, ...]]:
    """The shops of each group, by its name, in order."""
    found: dict[str, tuple[Tenant, ...]] = {}
    for _, tenant in sorted(fleet.tenants.items()):
        name = group_of(tenant)
        found[name] = (*found.get(name, ()), tenant)
    return found


def group_of(tenant: Tenant) -> str:
    """The name of a shop's group. It stays the same for a token, and does not give it away."""
    settings = tenant.settings
    token = settings.trello_token.get_secret_value() if settings.trello_token else tenant.name
    return hashlib.sha256(f"trello-ops {settings.trello_url} {token}".encode()).hexdigest()[:16]
