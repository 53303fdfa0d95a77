"""The words of mails: a touch, an invitation, the links of an account; text and HTML."""
