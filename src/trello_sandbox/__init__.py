"""A local Trello to rehearse in. It imports nothing of the program that is tested against it.

From the outside in:

    server, config  starts it: in the foreground, or in a thread for tests
    control, api/   /sandbox and /1: the order of checks, faults, the request log; routes/ has one module
                    for each kind of object
    web/            the pages for people: boards and cards in a browser
    instance        what a running server holds, and the file it keeps
    webhooks/       who is told what and when; the requests to callback URLs
    serialisers/    the fields of each object, nested reads, the log's wording
    state/          the world: records, how they come into being, the log, who may see what
    params, errors, limits, faults, switches, clock, requests_log   one matter each
    coverage        which of Trello's routes are served, as docs/sandbox-coverage.md tells
"""
