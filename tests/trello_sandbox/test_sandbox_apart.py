"""The package stands by itself: it knows neither the program that is tested against it nor a shop."""

from pathlib import Path


def test_no_part_of_the_package_names_a_program_or_a_shop() -> None:
    package = Path(__file__).parents[2] / "src" / "trello_sandbox"
    words = ("trello_ops", "trello-ops", "zina", "beldi")
    named = [
        f"{path.relative_to(package)}: {word}"
        for path in package.rglob("*")
        if path.suffix in (".py", ".j2", ".css", ".svg")
        for word in words
        if word in path.read_text("utf-8").lower()
    ]
    assert named == []
