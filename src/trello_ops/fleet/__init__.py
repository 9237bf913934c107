"""Many shops at once: which there are, and the node that tends them."""
