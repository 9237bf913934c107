"""Properties are judged by what they find, not by how busy the machine is; pytest-timeout guards all.

`--hypothesis-profile search --timeout 0` looks for what a gate has no time to find.
"""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.register_profile("search", deadline=None, max_examples=2_000)
settings.load_profile("unhurried")
