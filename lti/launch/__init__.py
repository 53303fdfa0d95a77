"""A launch, from the login that starts it to a verified value; and the Deep Linking response."""
