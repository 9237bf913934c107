"""Card templates grown from the grammar of Jinja, with an eye to what is long, deep or costly."""

from random import Random

from fuzz_kit import hostile
from fuzz_kit.stage import Stage, fresh_shop

_NAMES = (
    "occurrence", "occurrence.date", "occurrence.due", "task", "task.title", "task.key", "board.title",
    "workspace.name", "people", "assignees", "loop", "loop.index", "self", "self.body()", "varargs",
    "caller()",
    "nothing", "occurrence.__class__", "task.title.__class__.__mro__", "''.format", "range", "dict", "lipsum",
    "cycler", "joiner", "namespace", "environment", "config", "request", "x", "m(3)", "m",
)  # fmt: skip
_LITERALS = (
    "0", "1", "-1", "3", "0.1", "1e300", "100000000", "9" * 40, "9" * 5_000, "''", "'a'", "'é😀'", "'%s %d'",
    "'{0.__class__}'", "'a,b' ", "none", "true", "[]", "[1, 2, 3]", "{'a': 1}", "(1,)", "'\\x00'",
    "'\\u202e'",
)  # fmt: skip
_FILTERS = (
    "abs", "attr('x')", "batch({})", "capitalize", "center({})", "default({})", "dictsort", "escape",
    "filesizeformat", "first", "float", "forceescape", "format({})", "groupby({})", "indent({})", "int",
    "int(0, {})", "items", "join({})", "join(['a'] * {})", "last", "length", "list", "lower",
    "map('round', {})",
    "map('replace', 'a', {})", "map({})", "max", "min", "pprint", "random", "reject({})", "rejectattr({})",
    "replace('', {})", "replace('a', {})", "reverse", "round({})", "round({}, 'ceil')", "round({}, 'floor')",
    "safe", "select('divisibleby', {})", "selectattr({})", "slice({})", "sort", "string", "striptags",
    "sum(start={})", "title", "tojson", "trim", "truncate({})", "unique", "upper", "urlencode", "urlize",
    "wordcount", "wordwrap({})", "xmlattr", "date({})", "nonesuch", "time", "weekday", "day", "month",
)  # fmt: skip
_TESTS = (
    "defined",
    "even",
    "divisibleby({})",
    "in [{}]",
    "sameas {}",
    "mapping",
    "none",
    "string",
    "nonesuch",
)
_OPERATORS = ("+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", ">=", "in", "not in", "and", "or")
_METHODS = (
    "zfill({})", "ljust({})", "center({})", "format({})", "replace('', {})", "join([{}])", "split({})",
    "encode({})", "expandtabs({})", "translate({})", "append({})", "__class__", "mro()", "upper()",
    "to_bytes({})",
    "isoformat()", "strftime({})", "replace(year={})",
)  # fmt: skip
_COSTLY = (
    "{{ 1|round(100000000, 'ceil') }}",
    "{{ 'a' * 1000000000 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}",
    "{% macro m(n) %}{{ m(n + 1) }}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}",
    "{% set l = ['a'] * 1000 %}{{ l|join(l|join(l|join)) }}",
    "{% set n = namespace(x='ab') %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}{{ n.x }}",
    "{% set n=namespace(x=[]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x==n.x }}",
    "{{ 'a'|replace('', 'b' * 9999)|replace('b', 'c' * 9999)|replace('c', 'd' * 9999) }}",
    "{% include 'parcels.md' %}",
    "{% extends 'parcels.md' %}",
    "{% import 'parcels.md' as p %}{{ p }}",
    "{% include '../../.env' %}",
    "{% include '/etc/passwd' %}",
    "{{ lipsum(100000) }}",
    "{{ '%099999999d' % 1 }}",
    "{{ '{:>999999999}'.format(1) }}",
    "{{ " + "(" * 500 + "1" + ")" * 500 + " }}",
    "{{ " + " + ".join(["1"] * 20_000) + " }}",
    "{{ " + "-" * 3_000 + "1 }}",
    "{{ " + "[" * 300 + "]" * 300 + " }}",
    "{% if 1 %}" * 150 + "{% endif %}" * 150,
    "{{ range(999999999)|list|length }}",
    "{{ 'x'|center(99999999)|center(999999999) }}",
    "{{ 'x'|indent(999999999) }}",
    "{{ ('a' * 9999)|wordwrap(1)|wordcount }}",
    "{{ [1, 2]|slice(999999999)|list }}",
    "{{ [1, 2]|batch(999999999, 0)|list }}",
    "{{ 1e308|int * 1e308|int }}",
    "{{ " + "9" * 5_000 + " }}",
    "{% filter upper %}{% for i in range(9999999) %}a{% endfor %}{% endfilter %}",
    "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
)


def story(stage: Stage, random: Random) -> None:
    """Write a template of the small shop anew, then check it and make a card of it."""
    fresh_shop(stage.folder)
    file = stage.folder / "templates" / "cards" / "parcels.md"
    text = card(random).encode("utf-8", "surrogatepass")
    file.write_bytes(hostile.broken_bytes(text, random) if random.random() < 0.15 else text)
    with stage.untouched("boards", "templates"):
        stage.run("validate")
        stage.run("preview", "daily/parcels", "--date", "2026-11-16")


def card(random: Random) -> str:
    """A template, front matter and body."""
    title = _quoted(_text(random)) if random.random() < 0.5 else '"Colis"'
    items = ", ".join(_quoted(_text(random)) for _ in range(random.choice((1, 3))))
    checklists = f"checklists:\n  - title: Envoi\n    items: [{items}]\n" if random.random() < 0.5 else ""
    return f"---\ntitle: {title}\n{checklists}---\n{_body(random, 2)}\n"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''").replace("\n", " ") + "'"


def _text(random: Random) -> str:
    return random.choice(_COSTLY) if random.random() < 0.15 else f"{{{{ {expression(random, 2)} }}}}"


def _body(random: Random, depth: int) -> str:
    """Statements one after the other, some inside others."""
    if random.random() < 0.2:
        return random.choice(_COSTLY)
    value, inner = expression(random, 2), _body(random, depth - 1) if depth else "x"
    forms = (
        f"{{{{ {value} }}}}",
        f"{{% for x in {value} %}}{inner}{{% else %}}-{{% endfor %}}",
        f"{{% if {value} %}}{inner}{{% elif {expression(random, 1)} %}}{{% endif %}}",
        f"{{% set x = {value} %}}{inner}",
        f"{{% set x %}}{inner}{{% endset %}}{{{{ x }}}}",
        f"{{% macro m(n) %}}{inner}{{% endmacro %}}{{{{ m({value}) }}}}",
        f"{{% block body %}}{inner}{{% endblock %}}{{{{ self.body() }}}}",
        f"{{% filter {_filter(random, 1)} %}}{inner}{{% endfilter %}}",
        f"{{% call m({value}) %}}{inner}{{% endcall %}}",
        f"{{% with x = {value} %}}{inner}{{% endwith %}}",
        f"{{% raw %}}{inner}{{% endraw %}}{{# {inner} #}}",
        f"{{% include {value} ignore missing %}}{inner}",
        f"{{% do {value} %}}{{% trans %}}{inner}{{% endtrans %}}",
        f"{{%- if {value} -%}}{inner}",
    )
    return " ".join([random.choice(forms), *(_body(random, depth - 1) for _ in range(depth and 1))])


def expression(random: Random, depth: int) -> str:
    """Something between braces: a value, or one made of others."""
    if depth == 0 or random.random() < 0.2:
        return random.choice(_LITERALS if random.random() < 0.5 else _NAMES)
    one, two = expression(random, depth - 1), expression(random, depth - 1)
    forms = (
        f"({one})|{_filter(random, depth - 1)}",
        f"({one})|{_filter(random, 0)}|{_filter(random, 0)}|{_filter(random, 0)}",
        f"({one}) {random.choice(_OPERATORS)} ({two})",
        f"({one}).{random.choice(_METHODS).format(two)}",
        f"({one})[{two}]",
        f"[{one}, {two}] * {two}",
        f"range({one}, {two})",
        f"({one}) is {random.choice(_TESTS).format(two)}",
        f"({one}) if ({two}) else ({one})",
        f"{random.choice(_NAMES)}({one}, {two})",
    )
    return random.choice(forms)


def _filter(random: Random, depth: int) -> str:
    return random.choice(_FILTERS).format(expression(random, depth))
