"""The content-pack format v1: its values, and how a pack is started, read, checked, stamped and
zipped. Data in, values out."""
