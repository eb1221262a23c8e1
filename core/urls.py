"""Pages of the operator that belong to no app."""

from django.urls import path

from core import views

app_name = "operator"
urlpatterns = [
    path("operator/jobs/", views.jobs, name="jobs"),
    path("operator/jobs/<uuid:pk>/", views.job, name="job"),
    path("operator/jobs/<uuid:pk>/replay/", views.job_replay, name="job-replay"),
]
