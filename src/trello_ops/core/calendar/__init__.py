"""From declared rhythms to occurrences: weeks, recurrences, what is still to be issued."""
