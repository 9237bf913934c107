"""What all shapes of board files have in common."""

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """A group of named fields. Unknown names are refused."""

    # Strict, because YAML has types: `"5"` is not a number, and `true` is not 1.
    # Built when first used: only boards and workspaces are validated by themselves, with all that is in them.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)
