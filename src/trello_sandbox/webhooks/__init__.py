"""Webhooks: who is told of what, the deliveries, and the requests to callback URLs."""
