"""Webhook deliveries, and the requests to callback URLs."""
