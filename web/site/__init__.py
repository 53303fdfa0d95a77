"""The Flask app without its pages: settings, security, sessions, sign-in, errors. Decides
nothing."""
