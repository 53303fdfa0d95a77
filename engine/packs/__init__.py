"""The content-pack format v1: its values, how a folder is read, checked, stamped and started. Data in, values out."""
