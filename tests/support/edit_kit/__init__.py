"""Weeks in which somebody edits the files, and a judge who shares no code with trello_ops."""
