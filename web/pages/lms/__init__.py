"""Pages of the LMS's door: launches, registration, connections, what teachers choose from. Each
file has its blueprint."""
