import time, collections
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from openapi_overlay import DOCUMENT, OPERATIONS, WITH_SPEC
from schemathesis import GenerationMode

pytestmark = WITH_SPEC


def test_x(trello, desk, session):
    schema = schemathesis.openapi.from_dict(DOCUMENT)
    seen = collections.Counter()
    t0 = time.time()
    bad = []
    by = collections.Counter()
    for method, path in OPERATIONS:
        op = schema[path][method]
        t = time.time()
        for case in schema.iter_coverage_cases(
            op,
            generation_modes=list(GenerationMode),
            generation_config=schema.config.generation_for(operation=op),
        ):
            r = case.call(base_url=trello.handle.url + "/1", session=session, headers=trello.auth)
            seen[r.status_code] += 1
            d = case.meta.phase.data
            by[d.scenario] += 1
            if r.status_code >= 500:
                bad.append((method, path, case.query, case.body, r.text[:100]))
        if time.time() - t > 0.5:
            print(method, path, time.time() - t)
    print(seen, time.time() - t0, bad[:10])
    print(by)
