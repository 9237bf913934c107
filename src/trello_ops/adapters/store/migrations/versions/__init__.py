"""One module a revision. A released one is never edited: it imports nothing of ours that may change."""
