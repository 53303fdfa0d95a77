"""How an LMS comes in: registration, login and launch, deep linking, roster, grades. No web
framework but in campus, the practice LMS."""
