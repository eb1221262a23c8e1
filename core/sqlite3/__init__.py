"""Django's SQLite backend, in which the threads of a process write in the order in which they came."""
