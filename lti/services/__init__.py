"""What a platform does for us when asked: tokens, roster, line items and grades. Works long
after the launch."""
