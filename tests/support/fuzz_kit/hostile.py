"""Values that nobody expects, and texts broken byte by byte."""

from random import Random

_DEEP = 3_000
_LONG = 20_000

TEXTS = (
    "", " ", "\t", "\n", "0", "-1", "None", "null", "a" * _LONG, "é" * 300, "😀" * 40, "\x00", "\x1b[31mred",
    "\x9b31m", "\u202eabc", "\u2028", "\ufeff", "\ufffe", "\udc80", "{{ 7 * 7 }}",
    "{% include '../../.env' %}",
    "%s%n%(name)s", "../../.env", "/etc/passwd", "~root", "-", "--", "-h", "@file", "$HOME", "`id`", "';--",
    "<script>", "&amp;", "\\", '"', "'", "a/b/c", "daily/parcels/2026-11-16", "daily/parcels/9999-12-31",
    "daily//", "//", "inf", "nan", "1e999", "9" * 25, "9" * 5_000, "1_000", "0x10", "٣", "²", "2026-02-30",
    "9999-12-31", "0001-01-01", "10000-01-01", "2026-W53", "9999-W52", "0001-W01", "2026-W00", "last",
    "2026-11-16T00:00:00Z", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "24:00", "99:99",
    "12:30:45", "+00:00", "true", "yes", "on",
)  # fmt: skip

YAML = (
    "~", "''", "[]", "{}", "true", "no", "0", "-1", "1" * 5_000, "-" + "9" * 400, "1e400", ".nan", "-.inf",
    "0x1F", "0o17", "1_000", "12:30:45", "9999-12-31", "0001-01-01", "2026-13-45", "2026-11-16",
    "2026-11-16T00:00:00+14:00", "24:00", "99:99", "mon-sat", "sat-mon", "mon-mon", "[mon, mon]",
    "[1, 31, 32]",
    "[" * _DEEP + "]" * _DEEP, "{a: " * 400 + "1" + "}" * 400, "&a [*a]", "*nothing", "&a &b x",
    "!!python/object/apply:os.system ['id']", "!!binary aGk=", "!!set {a, b}", "!!omap [a: 1]", "!!str 1",
    "!<tag:x> 1", "!x 1", '"\\0"', '"\\x1b[31m"', '"\\u202E"', '"\\uD800"', '"\\U0010FFFF"', "@x", "`x`",
    "%x",
    "? [a]\n  : b", "{? [a] : b}", "|\n  a\n b", ">-\n", "\t- x", ": :", "- - - x", "<<: {a: b}", "x: y: z",
    f'"{"a" * _LONG}"', "é" * 300, "'{{ 7 * 7 }}'", "'../../.env'", "/etc/passwd", "[a, a]", "{a: 1, a: 2}",
    "amal", "[amal, karim, amal]", "everybody", "nobody", "{mon: amal}", "daily", "weekly", "monthly",
    "[" + "x, " * 5_000 + "x]", "{" + ", ".join(f"k{n}: 1" for n in range(2_000)) + "}", "'\u2028'", "\x85",
    "{time: '08:00', offset_days: -5}", "{time: '08:00', offset_days: -99999999}", "{offset_days: 1e9}",
    "https://[::1", "Europe/Paris", "Mars/Olympus", "EST", "UTC", "../UTC", "localtime",
)  # fmt: skip
"""In the words of YAML, with and without sense."""

_INSERTED = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\xe9", b"\x80", b"\r", b"\t", b"\x1b[31m",
    b"\xed\xa0\x80",
    b"\xe2\x80\xae", b"{{", b"}}", b"{%", b"%}", b"---\n", b"...\n", b"[" * 500, b"'", b'"', b"#", b": ",
    b"- ",
    b"|", b"&a ", b"*a ", b"!!", b"\n\n", b"%YAML 9.9\n---\n",
)  # fmt: skip


def broken_bytes(text: bytes, random: Random) -> bytes:
    """A text cut, doubled, flipped, encoded otherwise or with something put in, once or a few times."""
    for _ in range(random.choice((1, 1, 2, 5))):
        at, to = sorted(random.randrange(len(text) + 1) for _ in range(2))
        act = random.randrange(7)
        if act == 0:
            text = text[:at]
        elif act == 1:
            text = text[:at] + text[to:]
        elif act == 2:
            text = text[:to] + text[at:to] * random.choice((1, 2, 30)) + text[to:]
        elif act == 3 and text:
            at = min(at, len(text) - 1)
            text = text[:at] + bytes([text[at] ^ 1 << random.randrange(8)]) + text[at + 1 :]
        elif act == 4:
            encoding = random.choice(("utf-16", "utf-32", "latin-1", "cp1252", "utf-7"))
            text = text.decode("utf-8", "replace").encode(encoding, "replace")
        else:
            text = text[:at] + random.choice(_INSERTED) + text[at:]
    return text
