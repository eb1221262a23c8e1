"""System checks: a route without a policy stops the process."""

from django.core.checks import Error, register

from core.policy import policies, routes


@register
def every_route_has_a_policy(app_configs, **kwargs):
    """pharos.E001: fail closed."""
    known = policies()
    missing = {name or path: path for name, path, _view in routes() if name not in known}
    return [
        Error(
            f"The route '{name}' ({path}) has no policy.",
            hint="Add it to POLICY in the app's permissions.py.",
            id="pharos.E001",
        )
        for name, path in missing.items()
    ]
