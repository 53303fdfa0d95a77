"""A launch, from the login that begins it to one verified value; and Deep Linking, its other
ending."""
