"""Properties are judged by what they find, not by how busy the machine is; pytest-timeout guards all.

The gate tries the same examples every time, so that a red one speaks of the change that it judges;
`--hypothesis-profile search --timeout 0`, as `make soak` runs it, looks for new ones.
"""

from hypothesis import settings

settings.register_profile("gate", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile("gate")
