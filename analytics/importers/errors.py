"""What reading a file may answer instead of a report."""


class Unreadable(Exception):
    """The bytes are no table anybody can read; the text is a sentence for the person who gave the file."""
