"""The page of settings: each with its default, as .env.example tells it."""

import re
from collections.abc import Iterator

from trello_ops.setting_sources import PREFIX
from trello_ops.settings import SECRETS, name_of

_SECTION = re.compile(r"^# -+ (.+?) -+$")
_SETTING = re.compile(rf"^#?({PREFIX}\w+)=(.*)$")
_CODE = re.compile(r"\??\w+=\w+|\w+://(?:[^\s,;)]*[\w/])?|--\w+|\b[A-Z]+_[A-Z_]+\b")
_MARKED = re.compile(r"(<!-- settings -->\n).*?(<!-- end -->)", re.DOTALL)


def with_settings(page: str, example: str) -> str:
    """The page, with what stands between its markers made anew from .env.example."""
    return _MARKED.sub(lambda found: found[1] + "\n".join(_lines(example)) + "\n" + found[2], page)


def _lines(example: str) -> Iterator[str]:
    """A table for each section. The remark that stands above a setting is its meaning."""
    remark: list[str] = []
    told: set[str] = set()
    for line in example.splitlines():
        if section := _SECTION.match(line):
            yield from ("", f"## {section[1]}", "", "| Setting | Without it | Meaning |", "|---|---|---|")
        elif (setting := _SETTING.match(line)) and setting[1] not in told:
            told.add(setting[1])
            yield _row(setting[1], setting[2] if line.startswith("#") else "", " ".join(remark))
        elif line.startswith("# "):
            remark.append(line.removeprefix("# "))
            continue
        remark = []
    yield ""


def _row(name: str, default: str, meaning: str) -> str:
    """A row of a table, with what one would type as code."""
    told = _CODE.sub(lambda found: f"`{found[0]}`", meaning)
    secret = " Also as `…_FILE`." if name in map(name_of, SECRETS) else ""
    return f"| `{name}` | {f'`{default}`' if default else ''} | {told}{secret} |"
