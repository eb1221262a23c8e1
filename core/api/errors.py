"""What DRF raises, as problem+json."""

from django.utils.translation import gettext as _
from drf_standardized_errors.formatter import ExceptionFormatter
from drf_standardized_errors.handler import ExceptionHandler as Base
from rest_framework import exceptions

from core.api.problems import problem, problem_of, refusal_of


class Refused(exceptions.APIException):
    """A PharosError on its way through DRF."""

    def __init__(self, error):
        self.error = error
        self.status_code = error.status
        self.wait = error.extra.get("wait")  # becomes Retry-After
        super().__init__(str(error), code=error.code)


class ExceptionHandler(Base):
    def convert_known_exceptions(self, exc):
        refusal = refusal_of(exc)
        if refusal:
            return Refused(refusal)
        return super().convert_known_exceptions(exc)

    def get_response(self, exc, data=None):
        response = super().get_response(exc, data) if data is not None else super().get_response(exc)
        response.content_type = "application/problem+json"
        return response


class ProblemFormatter(ExceptionFormatter):
    def format_error_response(self, error_response):
        if isinstance(self.exc, Refused):
            return problem(**problem_of(self.exc.error))
        errors = [{"code": e.code, "detail": str(e.detail), "attr": e.attr} for e in error_response.errors]
        if error_response.type == "validation_error":
            return problem(self.exc.status_code, "invalid", _("Some fields need attention."), errors)
        return problem(self.exc.status_code, errors[0]["code"], errors[0]["detail"])
