"""The demo: some weeks of a made-up shop in a local Trello, by the daemon's own jobs in simulated time.

run      starts the sandbox, lets time pass and runs the jobs
shop     who is in the shop's local Trello
team     people who act on what Trello shows them
story    what becomes of each card, drawn from a seed
pages    the sandbox's own pages, saved as files
folder   the folder that is left: reports, mails and pages
"""
