"""What a Containerfile says, instruction by instruction."""

import json
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Instruction:
    """One of them: `name` in capitals, and all that follows it on one line."""

    name: str
    text: str

    def words(self) -> list[str]:
        """Its words, or those of the JSON that it is given as."""
        found: list[str] = json.loads(self.text) if self.text.startswith("[") else self.text.split()
        return found


def instructions(path: Path) -> list[Instruction]:
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    whole = "\n".join(lines).replace("\\\n", " ")
    pairs = (line.split(maxsplit=1) for line in whole.splitlines() if line.strip())
    return [Instruction(name, re.sub(r" +", " ", text)) for name, text in pairs]


def stages(path: Path) -> list[list[Instruction]]:
    """The instructions of each stage, which begins with its FROM."""
    found: list[list[Instruction]] = []
    for each in instructions(path):
        if each.name == "FROM":
            found.append([])
        found[-1].append(each)
    return found


def values(stage: list[Instruction]) -> dict[str, str]:
    """The environment of a stage's programs."""
    pairs = (word.partition("=") for each in stage if each.name == "ENV" for word in each.words())
    return {name: value for name, _, value in pairs}
