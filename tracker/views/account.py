"""One's own account: signing in, password, sessions, second factor."""

from base64 import b32encode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tracker import audit, second_factor, signing_in
from tracker.choices import AuditKind, AuditResult
from tracker.forms.account import OwnPasswordForm, TokenForm
from tracker.middleware import front_page
from tracker.models import Visit


class SignIn(auth_views.LoginView):
    """The one login page; a login and what is written down of it are one transaction."""

    def form_valid(self, form):
        with transaction.atomic():
            response = super().form_valid(form)
        person, last = self.request.user, signing_in.last_login(self.request)
        if last:
            place = f"，地址{last.ip}" if last.ip else ""
            at = timezone.localtime(last.at)
            messages.success(self.request, f"上次登录：{at:%Y-%m-%d %H:%M}{place}。")
        if places := self.request.session.pop("made_room", None):
            most = settings.SESSIONS_AT_ONCE
            words = f"同时登录不能超过{most}处，最久未用的已退出：{'；'.join(places)}。"
            messages.warning(self.request, words)
        left = signing_in.days_to_remind(person, last and last.at, timezone.now())
        if left is not None:
            messages.warning(self.request, f"密码还有{left}天到期，请尽早修改。")
        return response

    def get_default_redirect_url(self):
        return front_page(self.request.user)


def locked(request: HttpRequest, response=None, credentials=None, *args) -> HttpResponse:
    """The answer to a name that failed too often, be it known or not."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    context = {"locked_minutes": minutes, "limit": settings.AXES_FAILURE_LIMIT}
    return render(request, "registration/login.html", context, status=429)


class OwnPassword(auth_views.PasswordChangeView):
    """Change one's own password; every other session of the account ends with the old one."""

    form_class = OwnPasswordForm

    def form_valid(self, form):
        session = self.request.session
        with transaction.atomic():
            old_key = session.session_key
            response = super().form_valid(form)
            own = Visit.objects.filter(person=self.request.user)
            own.filter(session_key=old_key).update(session_key=session.session_key)
            own.exclude(session_key=session.session_key).end()
            audit.record(self.request, AuditKind.PASSWORD, self.request.user, reason="本人修改")
        return response

    def get_context_data(self, **kwargs):
        person = self.request.user
        return super().get_context_data(
            **kwargs,
            is_first=person.must_change_password,
            is_forced=person.needs_new_password(timezone.now()),
        )


@require_safe
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """One's own account: where one is signed in, and how the account is protected."""
    person = request.user
    context = {
        "visits": person.visits.open(),
        "most_visits": settings.SESSIONS_AT_ONCE,
        "own_key": request.session.session_key,
        "last": signing_in.last_login(request),
        "expires_at": person.password_expires_at,
        "device": second_factor.device_of(person),
        "must_have_device": bool(person.post) and settings.ADMIN_TOTP,
    }
    return render(request, "account/account.html", context)


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions, as on a computer one has left."""
    visit = get_object_or_404(request.user.visits.open(), pk=pk)
    with transaction.atomic():
        request.user.visits.filter(pk=pk).end()
        audit.record(
            request, AuditKind.SESSION, request.user, before={"地址": visit.ip}, reason="本人结束"
        )
    messages.success(request, "会话已结束。")
    return redirect("account:account")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def token(request: HttpRequest) -> HttpResponse:
    """Ask for the one-time password after a login; who must have a device yet is led to it."""
    if second_factor.device_of(request.user) is None:
        return redirect("account:set-up")
    form = TokenForm(request.POST or None)
    if request.method == "POST" and _is_proved(request, form):
        return _given(request)
    return render(request, "account/token.html", {"form": form})


def _given(request: HttpRequest) -> HttpResponse:
    request.session[signing_in.SECOND_FACTOR] = signing_in.GIVEN
    audit.record(request, AuditKind.SECOND_FACTOR, request.user, reason="验证通过")
    return redirect(front_page(request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def set_up(request: HttpRequest) -> HttpResponse:
    """Take a phone into use: show its key, and ask for the first password as the proof."""
    person = request.user
    if second_factor.device_of(person):
        return redirect("account:account")
    device = second_factor.device_to_set_up(person)
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = second_factor.confirm(device, form.cleaned_data["token"])
        if codes is not None:
            request.session[signing_in.SECOND_FACTOR] = signing_in.GIVEN
            audit.record(request, AuditKind.SECOND_FACTOR, person, reason="启用")
            context = {"codes": codes, "next": front_page(person)}
            return render(request, "account/codes.html", context)
        form.add_error("token", "口令不对。请核对手机的时间，等下一个口令再填。")
    context = {"form": form, "key": _in_groups(device)}
    return render(request, "account/set_up.html", context)


def _in_groups(device) -> str:
    """The key to be typed where no picture can be taken."""
    key = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[i : i + 4] for i in range(0, len(key), 4))


@require_safe
@login_required
def qr_code(request: HttpRequest) -> HttpResponse:
    if second_factor.device_of(request.user):
        # A key in use is shown to nobody, not even to its owner: a picture is soon taken.
        return redirect("account:account")
    picture = second_factor.qr_code(second_factor.device_to_set_up(request.user))
    return HttpResponse(picture, content_type="image/svg+xml")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def renew_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes in place of the old ones, for nobody who merely found the desk empty."""
    person = request.user
    if second_factor.device_of(person) is None:
        return redirect("account:set-up")
    form = TokenForm(request.POST or None)
    if request.method == "POST" and _is_proved(request, form):
        with transaction.atomic():
            codes = second_factor.new_codes(person)
            audit.record(request, AuditKind.SECOND_FACTOR, person, reason="更换恢复码")
        context = {"codes": codes, "next": front_page(person)}
        return render(request, "account/codes.html", context)
    return render(request, "account/token.html", {"form": form, "act": "更换恢复码"})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remove(request: HttpRequest) -> HttpResponse:
    """Do without a second factor again, after a last one-time password."""
    person = request.user
    if second_factor.device_of(person) is None:
        return redirect("account:account")
    form = TokenForm(request.POST or None)
    if request.method == "POST" and _is_proved(request, form):
        with transaction.atomic():
            second_factor.remove(person)
            audit.record(request, AuditKind.SECOND_FACTOR, person, reason="停用")
        request.session.pop(signing_in.SECOND_FACTOR, None)
        messages.success(request, "动态口令已停用。")
        return redirect("account:account")
    return render(request, "account/token.html", {"form": form, "act": "停用动态口令"})


def _is_proved(request: HttpRequest, form: TokenForm) -> bool:
    """Take the one-time password of a form; a wrong one is written down and said beside it."""
    if not form.is_valid():
        return False
    if second_factor.is_right(request.user, form.cleaned_data["token"]):
        return True
    audit.record(request, AuditKind.SECOND_FACTOR, request.user, result=AuditResult.FAILED)
    form.add_error("token", "口令不对或已用过。请等下一个口令；连错几次要多等一会儿。")
    return False


# The pages that are filed on paper, by the name of their address.
PAPERS = {
    "tracker:ticket-signoff": "对账销号单",
    "tracker:handover-detail": "责任交接单",
    "tracker:inspection-plan": "整改方案",
    "tracker:ticket-plan": "整改方案",
    "tracker:ticket-detail": "问题",
    "tracker:wall": "台账",
    "tracker:inspection-wall": "台账",
}


def _paper(path: str) -> str:
    """What is printed at this address, in a word; empty for any other page."""
    try:
        return PAPERS.get(resolve(path).view_name, "")
    except Resolver404:
        return ""


@require_POST
@login_required
def printed(request: HttpRequest) -> HttpResponse:
    """A page tells that it goes to paper; sent by the browser before it prints."""
    path = request.POST.get("path", "")[:200]
    audit.record(request, AuditKind.PRINT, path or "页面", reason=_paper(path))
    return HttpResponse(status=204)
