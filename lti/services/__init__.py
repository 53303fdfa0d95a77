"""The platform services we call: tokens, roster, line items and grades. They work long after the
launch."""
