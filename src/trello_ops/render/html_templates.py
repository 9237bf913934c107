"""The built-in templates of mails and pages: what people wrote is escaped wherever it stands."""

from functools import cache

import jinja2


@cache
def template(folder: str, name: str) -> jinja2.Template:
    """A file of a folder beside this module. It fails where it lacks something that it names."""
    return _environment(folder).get_template(name)


@cache
def _environment(folder: str) -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader(__package__, folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
