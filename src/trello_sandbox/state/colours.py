"""Trello's palettes."""

HUES = ("yellow", "purple", "blue", "red", "green", "orange", "black", "sky", "pink", "lime")
# 30 since May 2023: each hue plain, light and dark. The OpenAPI document still knows ten.
COLORS = tuple(f"{hue}{shade}" for hue in HUES for shade in ("", "_light", "_dark"))
"""The colours of labels; a label may also have none."""
BACKGROUNDS = {"blue": "#0079BF", "green": "#519839", "lime": "#4BBF6B", "grey": "#838C91"}
"""The backgrounds of boards whose colour is recorded."""
