"""A local Trello to rehearse in. It imports nothing of the programs that are tested against it.

From the outside in:

    __main__, server     start it: from a shell, in the foreground, or in a thread for tests
    control, web/        /sandbox, and the pages for people
    api/                 /1: the order of checks, and in routes/ a module for each kind of object
    instance             what a running server holds, and when it saves
    webhooks/            who is told what and when
    serialisers/         objects as Trello's JSON
    state/               the world: records, how they are made, the action log, who may see what
    params, errors, limits, faults, switches, config, clock …   one matter each
    coverage             which of Trello's routes are served
"""
