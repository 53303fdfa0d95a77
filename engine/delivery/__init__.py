"""Messages on their way out: touches that open or expire, deliveries claimed, rendered, sent,
retried, parked."""
