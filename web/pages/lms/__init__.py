"""Pages for LMSs: launches, registration, connections, choosing content. Each file has its own
blueprint."""
