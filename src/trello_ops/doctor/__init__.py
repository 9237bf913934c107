"""What may be wrong with an installation: small checks, none of which hides another or waits for ever."""
