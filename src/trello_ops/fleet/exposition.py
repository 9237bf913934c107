"""Metrics as text, in Prometheus' exposition format, version 0.0.4."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gauge:
    """A quantity of now, for people in a few words; each sample has its labels, by name, and a value."""

    name: str
    said: str
    samples: tuple[tuple[Mapping[str, str], float], ...]


def exposition(gauges: Iterable[Gauge]) -> str:
    """The text, which ends with a line break. A gauge without samples is left out."""
    lines = (line for gauge in gauges if gauge.samples for line in _lines(gauge))
    return "".join(f"{line}\n" for line in lines)


def _lines(gauge: Gauge) -> Iterable[str]:
    yield f"# HELP {gauge.name} {_escaped(gauge.said)}"
    yield f"# TYPE {gauge.name} gauge"
    for labels, value in gauge.samples:
        said = ",".join(f'{name}="{_quoted(text)}"' for name, text in labels.items())
        yield f"{gauge.name}{{{said}}} {value:.15g}" if said else f"{gauge.name} {value:.15g}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n")


def _quoted(text: str) -> str:
    return _escaped(text).replace('"', r"\"")
