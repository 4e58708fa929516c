from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tracker import manual


@require_safe
@login_required
def contents(request: HttpRequest) -> HttpResponse:
    own = manual.written_for(request.user)
    return render(request, "help/contents.html", {"pages": manual.pages().values(), "own": own})


@require_safe
@login_required
def page(request: HttpRequest, name: str) -> HttpResponse:
    pages = manual.pages()
    if name not in pages:
        raise Http404
    return render(request, "help/page.html", {"page": pages[name], "pages": pages.values()})
