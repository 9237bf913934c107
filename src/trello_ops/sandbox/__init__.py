"""A local Trello to rehearse in, and the demo that lives in it.

The server, from the outside in:

    server          starts it: in the foreground, or in a thread for tests
    control, api    /sandbox and /1: the order of checks, faults, the request log
    web/            the pages for people: boards and cards in a browser
    instance        what a running server holds, and the file it keeps
    deliveries, callbacks         webhooks: who is told what and when; the requests to callback URLs
    wire            bytes to requests, answers to bytes, dropped connections
    routes/         one module for each kind of object
    card_edits, comments, making, reading, search   what several routes share: changing things, bringing
                    them into being, nested reads, finding
    call, router    what a route receives, and how it is found
    actions, display, shapes, positions             the log and its wording; fields of each object; where
                    things go
    access, credentials, limits, faults, switches, params, refusals   one matter each
    state, records  the world
    coverage        which of Trello's routes are served, as docs/sandbox-coverage.md tells

Nothing here but the demo imports anything else of the product.
"""
