"""Pages for LMSs: launches, registration, connections, what teachers choose from. Each
file has its blueprint."""
