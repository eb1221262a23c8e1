"""What the shell of every page shows."""


def shell(request):
    return {}
