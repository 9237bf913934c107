"""Titles that somebody may write, and that pages, sheets, terminals and calendars must not obey."""

HOSTILE = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil.example";"Gagné")',
    "+33 6 12 34 56 78",
    "-2+3",
    "@SUM(A1:A9)",
    "\u202egnp.exe",
    "🧴🛒 colis",
    "x" * 16_000,
    "a\x00b\x0bc\x1bd",
    "bris\r\nde ligne",
    "\ud800 seul",
    "{{ 7*7 }} & <b>",
    '"; x="; DROP,|cmd',
    "\x1b]0;titre\x07\x1b[2J",
    "\r\nEND:VEVENT\r\nBEGIN:VALARM",
    "\u2066droite\u2069 \u200fgauche",
    "👩🏽\u200d💻" * 500,
)
