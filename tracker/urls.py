from django.urls import path

from tracker.views import bulletins, tickets

app_name = "tracker"
urlpatterns = [
    path("tickets/", tickets.ticket_list, name="ticket-list"),
    path("tickets/<int:pk>/", tickets.ticket_detail, name="ticket-detail"),
    path("tickets/<int:pk>/report/", tickets.ticket_report, name="ticket-report"),
    path("tickets/<int:pk>/move/<str:name>/", tickets.ticket_move, name="ticket-move"),
    path("bulletins/<int:pk>/", bulletins.bulletin_detail, name="bulletin-detail"),
    path("bulletins/<int:pk>/file/", bulletins.bulletin_file, name="bulletin-file"),
]
