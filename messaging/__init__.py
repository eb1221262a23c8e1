"""What the app says to people: inbox, e-mail, digests, chat groups, webhooks. Delivery only."""
