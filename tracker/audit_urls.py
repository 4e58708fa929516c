from django.urls import path

from tracker.views import trail

app_name = "audit"
urlpatterns = [
    path("", trail.trail, name="trail"),
    path("export/", trail.export, name="export"),
    path("check/", trail.check, name="check"),
]
