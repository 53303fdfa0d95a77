"""The vocabulary of all that a person can say: one file per field, and ``Form``, which combines
them. Names in packs, appearance and timing are defined elsewhere.

A new field needs its file here, ``web/templates/forms/<kind>.html``, its words and its test.
"""
