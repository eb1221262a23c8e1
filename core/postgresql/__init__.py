"""Django's PostgreSQL backend, which makes an id once for the many times it is read."""
