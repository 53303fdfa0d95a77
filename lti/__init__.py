"""The LMS's door: registration, login and launch, deep linking, roster, grades. No web framework here: pages are web's."""
