"""Addresses of messaging."""

from django.urls import path

from messaging import views

app_name = "messaging"
urlpatterns = [
    path("operator/outbox/", views.outbox, name="outbox"),
    path("operator/outbox/<uuid:pk>/", views.mail, name="mail"),
]
