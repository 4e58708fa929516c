from django.urls import path

from tracker.views import bulletins, overview, tickets, wall, workbench

app_name = "tracker"
urlpatterns = [
    path("", workbench.workbench, name="workbench"),
    path("wall/", wall.wall, name="wall"),
    path("inspections/<int:pk>/wall/", wall.inspection_wall, name="inspection-wall"),
    path("overview/", overview.overview, name="overview"),
    path("tickets/", tickets.ticket_list, name="ticket-list"),
    path("tickets/<int:pk>/", tickets.ticket_detail, name="ticket-detail"),
    path("tickets/<int:pk>/report/", tickets.ticket_report, name="ticket-report"),
    path("tickets/<int:pk>/move/<str:name>/", tickets.ticket_move, name="ticket-move"),
    path("bulletins/<int:pk>/", bulletins.bulletin_detail, name="bulletin-detail"),
    path("bulletins/<int:pk>/file/", bulletins.bulletin_file, name="bulletin-file"),
]
