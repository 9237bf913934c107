"""Metrics as a program of Prometheus' own reads them."""

from prometheus_client.parser import text_string_to_metric_families


def metrics_in(text: str) -> dict[tuple[str, ...], float]:
    """The value of each sample by its name, followed by the values of its labels in their names' order."""
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(each.name, *(each.labels[name] for name in sorted(each.labels))): each.value for each in samples}
