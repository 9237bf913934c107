"""The sandbox's answers and our gateway's requests, held against Atlassian's own specification."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from openapi_overlay import DEVIATIONS, SPEC, amended, problems
from sandbox_shop import FRIDAY, open_shop
from trello_ops.sandbox import coverage
from trello_ops.sandbox.server import SandboxConfig, running

pytestmark = pytest.mark.skipif(
    not SPEC.exists(),
    reason=f"Atlassian's OpenAPI document is not at {SPEC}; $TRELLO_OPENAPI says where it is",
)
DOCUMENT: dict[str, Any] = json.loads(SPEC.read_text(encoding="utf-8")) if SPEC.exists() else {"paths": {}}
OURS = coverage.served()
OPERATIONS = sorted(
    (method.upper(), path)
    for path, methods in DOCUMENT["paths"].items()
    for method in methods
    if (key := coverage.operation(method, path)[0]) in OURS or key in coverage.BY_FIELD
)
