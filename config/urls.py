from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path

from tracker.views import account

urlpatterns = [
    path("login/", account.SignIn.as_view(), name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("password/", account.OwnPassword.as_view(), name="password_change"),
    path(
        "password/done/", auth_views.PasswordChangeDoneView.as_view(), name="password_change_done"
    ),
    path("admin/", admin.site.urls),
    path("account/", include("tracker.account_urls")),
    path("audit/", include("tracker.audit_urls")),
    path("help/", include("tracker.help_urls")),
    path("", include("tracker.urls")),
]
