"""The pages: each view is a function of a visit."""
