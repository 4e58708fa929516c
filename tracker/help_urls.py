"""Apart from the business, so that the three administrators read the manual as well."""

from django.urls import path

from tracker.views import manual

app_name = "help"
urlpatterns = [
    path("", manual.contents, name="contents"),
    path("<slug:name>/", manual.page, name="page"),
]
