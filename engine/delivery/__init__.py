"""Outgoing messages: touches that open or expire, and deliveries claimed, rendered, sent, retried
or parked."""
