"""Board files drafted from what a team has already, for a person to finish."""
