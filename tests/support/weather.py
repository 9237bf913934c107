"""What a storm does to the robot's requests; people's go through undisturbed."""

from typing import Any

_OFTEN = 1_000_000
_REFUSED = {"error": "API_TOKEN_LIMIT_EXCEEDED", "message": "Rate limit exceeded"}

KINDS: tuple[tuple[float, dict[str, Any]], ...] = (
    (0.025, {"status": 500, "body": "Internal Server Error"}),
    (0.025, {"status": 502, "body": "<html>Bad Gateway</html>"}),
    (0.025, {"status": 503, "body": "Service Unavailable"}),
    (0.025, {"status": 504, "body": "Gateway Timeout"}),
    (0.03, {"lose_answer": True}),
    (0.02, {"land_after": 0.1}),
    (0.05, {"reset": True}),
)
"""How likely each fault is: 10 % 5xx, 5 % lost answers, of which some land late, 5 % resets."""


def storm(seed: int) -> list[dict[str, Any]]:
    """Faults by chance, for as long as nobody takes them back."""
    return [
        {"by": "robot", "count": _OFTEN, "probability": chance, "seed": seed * 100 + n, **what}
        for n, (chance, what) in enumerate(KINDS)
    ]


def burst(count: int) -> dict[str, Any]:
    """So many answers of 429 in a row."""
    return {"by": "robot", "count": count, "status": 429, "body": _REFUSED}
