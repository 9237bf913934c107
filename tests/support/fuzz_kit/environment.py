"""Settings with values that were never meant, in the environment, in `.env` and in files of secrets."""

import string
from random import Random
from urllib.parse import quote

from fuzz_kit import hostile
from fuzz_kit.judge import KEY, PASSWORD, SECRET, TOKEN
from fuzz_kit.stage import Stage, fresh_shop
from trello_ops.settings import SECRETS, Settings

_QUOTED = quote(PASSWORD, safe="")
_ADDRESSES = (
    f"smtp://robot:{PASSWORD}@host:25", f"smtp://robot:{_QUOTED}@host:99999", f"smtps://robot:{_QUOTED}@[::1",
    f"smtp://robot:{_QUOTED}@", f"http://robot:{_QUOTED}@host", f"smtp://:{_QUOTED}@host?starttls=perhaps",
    f"smtp://robot:{_QUOTED}@host:x", f"robot:{_QUOTED}@host", f"smtp:///{_QUOTED}",
    f"SMTP://robot:{_QUOTED}@HÖST",
    f"smtp://robot:{_QUOTED}@host/#?{_QUOTED}", f"https://api.trello.com/?key={KEY}&token={TOKEN}",
    f"https://{KEY}:{TOKEN}@api.trello.com", f"http://{TOKEN}.example.org", f"sqlite:///{TOKEN}/x",
    f"sqlite:///x.db?timeout={TOKEN}", f"postgresql://robot:{_QUOTED}@host/db", "sqlite://", "sqlite:///",
    "sqlite:///:memory:", "sqlite:///.", "sqlite:////", "sqlite:///x.db?timeout=abc",
    "sqlite:///x.db?mode=ro",
    "sqlite:///x.db?uri=true", "sqlite+nonesuch:///x", "sqlite:///y.db?cache=shared&nolock=1&x=y",
    "sqlite:///\x00",
    "sqlite:///boards/daily.yaml", "sqlite:////dev/null", "sqlite:////dev/full", "http://127.0.0.1:0",
    "http://127.0.0.1:99999", "http://[::1]:9", "http://127.0.0.1:9/x", "https://user@host", "127.0.0.1:x",
    "[::1]:",
)  # fmt: skip
_ODD = (TOKEN, f"{KEY}{TOKEN}", SECRET, f"'{TOKEN}", f"{TOKEN}\n{KEY}", _QUOTED, PASSWORD)
"""Secrets where they do not belong: the commonest mistake of all."""

_COMMANDS = (("validate",), ("status",), ("report",), ("plan",), ("export",), ("tick",), ("report", "--send"))


def story(stage: Stage, random: Random) -> None:
    """A few odd settings, then a command that reads them."""
    fresh_shop(stage.folder)
    odd: dict[str, str | None] = {}
    names = _names(random)
    for name in names:
        odd[f"TRELLO_OPS_{name}"] = _value(random).replace("\x00", "")
    if random.random() < 0.4:
        text = "".join(f"{name}={value}\n" for name, value in odd.items()).encode("utf-8", "surrogatepass")
        broken = hostile.broken_bytes(text, random) if random.random() < 0.5 else text
        (stage.folder / ".env").write_bytes(broken)
        odd = dict.fromkeys(odd)
    # A store may have been named that is a board file.
    kept = () if "DATABASE_URL" in names else ("boards", "templates")
    with stage.untouched(*kept):
        stage.run(*random.choice(_COMMANDS), env=odd)


def _names(random: Random) -> list[str]:
    """One secret, or some of the others: whatever stands in a wrong place, the right one has it too."""
    secret = [each.upper() for each in SECRETS]
    if random.random() < 0.4:
        return [random.choice((*secret, *(f"{each}_FILE" for each in secret)))]
    others = [each.upper() for each in Settings.model_fields if each not in SECRETS]
    misspelt = ["", "_", "TOKEN", "TRELLO_TOKENS", "é", "".join(random.sample(string.ascii_letters, 8))]
    return random.choices(others + misspelt, k=random.choice((1, 1, 2, 4)))


def _value(random: Random) -> str:
    return random.choice(random.choice((_ADDRESSES, _ODD, hostile.TEXTS, hostile.TEXTS)))
