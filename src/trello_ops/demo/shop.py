"""The sample shop's sandbox: who is in it, and what its first page advises while it is empty."""

from typing import Any

from trello_sandbox.config import SandboxConfig, Tenant

SHOP = Tenant(
    workspace="zinaobeldi",
    title="Zina ô Beldi",
    app="trello-ops",
    robot="robot",
    robot_name="Trello Ops",
    people={
        "amal_zina": "Amal Benali",
        "youssef_zina": "Youssef El Idrissi",
        "salma_zina": "Salma Berrada",
        "karim_zina": "Karim Tazi",
        "nadia_zina": "Nadia Chraïbi",
    },
)
_ADVICE = {
    "fr": "trello-ops apply crée ceux que vos fichiers déclarent.",
    "en": "trello-ops apply makes those that your files declare.",
}


def shop_sandbox(**options: Any) -> SandboxConfig:
    """A sandbox with the shop's Workspace and people, unless `options` of `SandboxConfig` name others."""
    return SandboxConfig(**{"tenant": SHOP, "advice": _ADVICE, **options})
