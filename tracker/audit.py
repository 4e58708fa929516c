"""What is written down for the auditor, and by whom it was done.

One function, `record`, called inside the transaction of what it tells of: if the event cannot be
written, the action fails with it. Call it last in that transaction: events are written one by
one, behind a lock that is held until the transaction ends.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone

from tracker.audit_chain import fingerprint, signature
from tracker.choices import AuditKind, AuditResult
from tracker.client import client_ip
from tracker.models import AuditEvent, AuditHead, Person, Ticket

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
# Long enough for any sentence, short enough that nobody fills the disk with one request.
_MOST = 4000


@dataclass(frozen=True, slots=True)
class Asker:
    """Who does something, from where; without a person it is the system itself."""

    person: Person | None = None
    ip: str = ""
    session: str = ""
    request_id: str = ""

    @classmethod
    def of(cls, source: "HttpRequest | Person | Asker | None") -> "Asker":
        """Whoever asks in a request, this person, or, from None, whoever is asking right now."""
        if isinstance(source, cls):
            return source
        request = source if isinstance(source, HttpRequest) else _request.get()
        asker = cls() if request is None else cls._of_request(request)
        # A request is the work of who sent it, unless the caller knows better.
        return replace(asker, person=source) if isinstance(source, Person) else asker

    @classmethod
    def _of_request(cls, request: HttpRequest) -> "Asker":
        person = getattr(request, "user", None)
        session = getattr(request, "session", None)
        return cls(
            person=person if person is not None and person.is_authenticated else None,
            ip=client_ip(request),
            session=session_mark(session.session_key) if session is not None else "",
            request_id=getattr(request, "id", ""),
        )


@contextmanager
def asked_by(request: HttpRequest) -> Iterator[None]:
    """While a request is served, what is written down names it."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


def session_mark(session_key: str | None) -> str:
    """A session as the trail names it: enough to tell two apart, no way into either."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:16] if session_key else ""


def record(
    source: HttpRequest | Person | Asker | None,
    kind: AuditKind,
    obj: models.Model | str | None = None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    result: AuditResult = AuditResult.OK,
    reason: str = "",
) -> AuditEvent:
    """Write one event at the end of the chain.

    `source` is the request, the person, or None for whoever is asking right now; `obj` the record
    concerned, or its name. `before` and `after` hold only what differs, and never a secret.
    """
    asker = Asker.of(source)
    person = asker.person
    with transaction.atomic():
        head = AuditHead.objects.select_for_update().get(pk=1)
        event = AuditEvent(
            seq=head.seq + 1,
            at=timezone.now(),
            kind=kind,
            result=result,
            actor_key=person.pk if person else None,
            actor_name=person.name if person else "",
            actor_roles=person.roles_in_words[:200] if person else "",
            ip=asker.ip,
            session=asker.session,
            request_id=asker.request_id[:32],
            **_object(obj),
            before=_as_json(before),
            after=_as_json(after),
            reason=reason[:_MOST],
            algorithm=settings.AUDIT_HASH,
            previous=head.digest,
        )
        event.digest = fingerprint(event)
        event.save(force_insert=True)
        head.seq, head.digest = event.seq, event.digest
        head.mac = signature("head", head.seq, head.digest)
        head.save(force_update=True)
    return event


def trace_if_restricted(
    request: HttpRequest, ticket: Ticket, seen: models.Model | None = None
) -> None:
    """Leave the trace of who looks at a restricted ticket, or at something that hangs on it."""
    if ticket.is_restricted:
        record(request, AuditKind.VIEW, seen or ticket, reason=f"限定知悉：{request.path}")


def _object(obj: models.Model | str | None) -> dict[str, str]:
    if obj is None:
        return {}
    if isinstance(obj, str):
        return {"object_name": obj[:200]}
    return {
        "object_type": obj._meta.model_name,
        "object_key": str(obj.pk),
        "object_name": getattr(obj, "audit_name", str(obj))[:200],
    }


def _as_json(values: Mapping[str, Any] | None) -> str:
    if not values:
        return ""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
