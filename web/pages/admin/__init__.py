"""Pages of those who run an organisation: its people, packs, mails, settings, and who did what."""
