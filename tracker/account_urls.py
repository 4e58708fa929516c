from django.urls import path

from tracker.views import account

app_name = "account"
urlpatterns = [
    path("", account.account, name="account"),
    path("sessions/<int:pk>/end/", account.end_session, name="end-session"),
    path("token/", account.token, name="token"),
    path("token/set-up/", account.set_up, name="set-up"),
    path("token/set-up/qr-code.svg", account.qr_code, name="qr-code"),
    path("token/codes/", account.renew_codes, name="renew-codes"),
    path("token/remove/", account.remove, name="remove"),
    path("printed/", account.printed, name="printed"),
]
