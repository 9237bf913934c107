"""A local Trello to rehearse in, and the demo that lives in it.

The server, from the outside in:

    server          starts it: in the foreground, or in a thread for tests
    control, api    /sandbox and /1: the order of checks, faults, the request log
    web/            the pages for people: boards and cards in a browser
    instance        what a running server holds, and the file it keeps
    wire            bytes to requests, answers to bytes, dropped connections
    routes/         one module for each kind of object
    card_edits, making, reading   what several routes share: changing, bringing into being, nested reads
    call, router    what a route receives, and how it is found
    actions, shapes, positions    the log; fields of each object; where things go
    credentials, limits, faults, switches, params, refusals   one matter each
    state, records  the world

Nothing here but the demo imports anything else of the product.
"""
