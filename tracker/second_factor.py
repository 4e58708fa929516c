"""动态口令: a one-time password besides one's own, and codes for the day the phone is lost."""

from io import BytesIO

import segno
from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from tracker.models import Person

CODES = 10


def device_of(person: Person) -> TOTPDevice | None:
    """The phone that this person has confirmed."""
    return TOTPDevice.objects.filter(user=person, confirmed=True).first()


def device_to_set_up(person: Person) -> TOTPDevice:
    """A device with a fresh key, kept until its first password has proved that it works."""
    device = TOTPDevice.objects.filter(user=person, confirmed=False).first()
    return device or TOTPDevice.objects.create(user=person, name="手机", confirmed=False)


def qr_code(device: TOTPDevice) -> bytes:
    """The key as a picture for the phone; a file of its own, since the page allows no inline."""
    picture = BytesIO()
    segno.make(device.config_url, error="m").save(picture, kind="svg", scale=5, border=2)
    return picture.getvalue()


def is_right(person: Person, token: str) -> bool:
    """Check a one-time password or a recovery code, each of which is good once.

    The rows are locked, or two windows could use the same digits at the same moment. Wrong tries
    are slowed down by the devices themselves, twice as long each time.
    """
    with transaction.atomic():
        for model in (TOTPDevice, StaticDevice):
            devices = model.objects.select_for_update().filter(user=person, confirmed=True)
            if any(device.verify_token(token) for device in devices):
                return True
    return False


@transaction.atomic
def confirm(device: TOTPDevice, token: str) -> list[str] | None:
    """Take a device into use if its first password is right; return the recovery codes."""
    device = TOTPDevice.objects.select_for_update().get(pk=device.pk)
    if not device.verify_token(token):
        return None
    device.confirmed = True
    device.save()
    return new_codes(device.user)


@transaction.atomic
def new_codes(person: Person) -> list[str]:
    """Make ten recovery codes, to be shown once; what is left of older ones is void."""
    StaticDevice.objects.filter(user=person).delete()
    device = StaticDevice.objects.create(user=person, name="恢复码")
    codes = [StaticToken.random_token() for _ in range(CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


@transaction.atomic
def remove(person: Person) -> None:
    TOTPDevice.objects.filter(user=person).delete()
    StaticDevice.objects.filter(user=person).delete()
