"""Where settings are said: in the environment, in `.env`, and in a file for each secret."""

import io
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from dotenv import dotenv_values

from trello_ops.folder_files import LARGEST, limited
from trello_ops.messages import Message, reason, say
from trello_ops.plain_text import Unreadable
from trello_ops.wording import said_by

PREFIX = "TRELLO_OPS_"
FILE = "_FILE"
"""Ends the name of a setting that is the path of a file with a secret."""

_LONGEST_SECRET = 200_000  # bytes of its file
_NO_TEXT = re.compile("[\0\ud800-\udfff]")  # nobody typed it: so Python shows bytes that it could not read


def given_values(env: Mapping[str, str], env_file: Path | None, messages: list[str]) -> dict[str, str]:
    """Every variable with our prefix, known or not, and its value. `messages` get what cannot be read."""
    given = {
        name: value.strip()
        for name, value in (*_in_file(env_file, messages).items(), *env.items())
        if name.upper().startswith(PREFIX) and value and value.strip()
    }
    for name in [name for name, value in given.items() if _NO_TEXT.search(value)]:
        del given[name]
        messages.append(say("%(name)s is not UTF-8 text: type it anew", name=name))
    return given


def every_value(env: Mapping[str, str], env_file: Path | None) -> dict[str, str]:
    """Every variable that is not empty, ours or not; the environment wins over `.env`."""
    every = (*_in_file(env_file, []).items(), *env.items())
    return {name: value.strip() for name, value in every if value and value.strip()}


def _in_file(env_file: Path | None, messages: list[str]) -> Mapping[str, str | None]:
    """What `.env` says; nothing where there is none."""
    try:
        # It may be a pipe, from which some managers of secrets give it out.
        if env_file and (env_file.is_file() or env_file.is_fifo()):
            with env_file.open("rb") as file:
                text = limited(file, LARGEST).decode("utf-8-sig")
            return dotenv_values(stream=io.StringIO(text))
    except Unreadable as error:
        messages.append(about(str(env_file), error.message))
    except OSError as error:
        messages.append(say("%(file)s cannot be read: %(why)s", file=env_file, why=reason(error)))
    except UnicodeDecodeError:
        messages.append(say("%(file)s is not UTF-8 text: save it with the encoding UTF-8", file=env_file))
    return {}


def with_files_read(names: Collection[str], given: Mapping[str, str], messages: list[str]) -> dict[str, str]:
    """The same variables, with each `…_FILE` of the secrets `names` replaced by the secret in that file."""
    values = dict(given)
    for name in names:
        path = values.pop(name + FILE, None)
        try:
            if path and name in given:
                messages.append(
                    say("%(name)s_FILE and %(name)s are both set: remove one of the two", name=name)
                )
            elif path:
                values[name] = secret_in(Path(path))
        except ValueError as error:
            messages.append(say("%(name)s: %(complaint)s", name=name + FILE, complaint=said_by(error)))
    return values


def secret_in(path: Path) -> str:
    """The secret that a file holds. Raises `ValueError` if there is none."""
    # No message names the path: it could be the secret itself, given by mistake.
    try:
        with path.open("rb") as file:
            secret = limited(file, _LONGEST_SECRET).decode("utf-8-sig").strip()
    except Unreadable:
        raise ValueError(
            say("the file is too long for a secret: write nothing but the secret into it")
        ) from None
    except OSError as error:
        raise ValueError(
            say("the file cannot be read (%(why)s): give the path of a file", why=reason(error))
        ) from None
    except ValueError:
        raise ValueError(say("the file is not UTF-8 text: write nothing but the secret into it")) from None
    if not secret:
        raise ValueError(say("the file is empty: write the secret into it"))
    return secret


def about(name: str, complaint: str) -> str:
    """A sentence about a setting, still to be translated."""
    return Message("%(name)s %(complaint)s", {"name": name, "complaint": complaint})
