"""An independent judge of a report's JSON: pandas over raw objects and weekly counts, no code of the core."""
