"""The LMS's door: registration, login and launch, deep linking, roster, grades. No web framework
but in platform/app."""
