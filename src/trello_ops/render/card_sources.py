"""What a card template is made of: its own file and every file that it extends, includes or imports."""

import hashlib
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress

from jinja2 import TemplateSyntaxError, meta

from trello_ops.render.card_sandbox import CardSandbox
from trello_ops.render.template_file import TemplateFile, TemplateFolder


def fingerprint(
    folder: TemplateFolder, sandbox: CardSandbox, file: TemplateFile, begin: Callable[[], None]
) -> str:
    """A hash of the names and lines of all these files. Calls `begin` before each."""
    found = closure(folder, sandbox, file, begin)
    hashed = hashlib.sha256()
    for name in sorted(found):
        hashed.update("\n".join((name, *found[name].lines, "")).encode("utf-8", "surrogatepass"))
    return hashed.hexdigest()


def closure(
    folder: TemplateFolder,
    sandbox: CardSandbox,
    file: TemplateFile,
    begin: Callable[[], None],
    unread: Collection[str] = (),
) -> dict[str, TemplateFile]:
    """All these files by name. What those in `unread` bring is not looked for. Calls `begin` before each."""
    found = {file.name: file}
    waiting = [file]
    while waiting:
        begin()
        last = waiting.pop()
        for name in _named_in(folder, sandbox, last) if last.name not in unread else ():
            if name not in found and name in folder.names:
                found[name] = folder.file(name)
                waiting.append(found[name])
    return found


def _named_in(folder: TemplateFolder, sandbox: CardSandbox, file: TemplateFile) -> Iterator[str]:
    """The files that a file names; all of them where it computes a name."""
    for text in file.texts:
        with suppress(TemplateSyntaxError):
            for name in meta.find_referenced_templates(sandbox.parsed(file, text)):
                yield from folder.names if name is None else (name,)
