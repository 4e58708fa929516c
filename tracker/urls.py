from django.urls import path

from tracker.views import boards, bulletins, evidence, overview, reports, tickets, wall, workbench

app_name = "tracker"
urlpatterns = [
    path("", workbench.workbench, name="workbench"),
    path("wall/", wall.wall, name="wall"),
    path("inspections/<int:pk>/wall/", wall.inspection_wall, name="inspection-wall"),
    path("timeline/", boards.timeline, name="timeline"),
    path("matrix/", boards.matrix_view, name="matrix"),
    path("kanban/", boards.kanban_view, name="kanban"),
    path("calendar/", boards.calendar, name="calendar"),
    path("calendar/token/<str:action>/", boards.calendar_token, name="calendar-token"),
    path("calendar/feed/<str:secret>.ics", boards.calendar_feed, name="calendar-feed"),
    path("sheets/", boards.sheets_view, name="sheets"),
    path("overview/", overview.overview, name="overview"),
    path("tickets/", tickets.ticket_list, name="ticket-list"),
    path("tickets/<int:pk>/", tickets.ticket_detail, name="ticket-detail"),
    path("tickets/<int:pk>/report/", reports.ticket_report, name="ticket-report"),
    path("tickets/<int:pk>/report/draft/", reports.report_draft, name="report-draft"),
    path(
        "tickets/<int:pk>/report/draft/discard/",
        reports.report_draft_discard,
        name="report-draft-discard",
    ),
    path("reports/<int:pk>/judge/", reports.report_judge, name="report-judge"),
    path("tickets/<int:pk>/evidence/", evidence.ticket_evidence, name="ticket-evidence"),
    path("tickets/<int:pk>/dossier/", evidence.ticket_dossier, name="ticket-dossier"),
    path("evidence/<int:pk>/file/", evidence.evidence_file, name="evidence-file"),
    path("evidence/<int:pk>/thumbnail/", evidence.evidence_thumbnail, name="evidence-thumbnail"),
    path("evidence/<int:pk>/key/", evidence.evidence_key, name="evidence-key"),
    path("evidence/<int:pk>/withdraw/", evidence.evidence_withdraw, name="evidence-withdraw"),
    path("tickets/<int:pk>/moves/", boards.ticket_moves, name="ticket-moves"),
    path("tickets/<int:pk>/move/<str:name>/", tickets.ticket_move, name="ticket-move"),
    path("bulletins/<int:pk>/", bulletins.bulletin_detail, name="bulletin-detail"),
    path("bulletins/<int:pk>/file/", bulletins.bulletin_file, name="bulletin-file"),
]
