"""Messages on their way out: claimed, rendered, sent, retried, parked."""
