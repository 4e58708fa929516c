"""What every line of the log carries; apart, since logging is set up before any model is there."""

import logging
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="-")


class RequestIdFilter(logging.Filter):
    """Gives every log record the number of the request that it belongs to, or a dash."""

    def filter(self, record):
        record.request_id = request_id.get()
        return True


class ShortWarningFilter(logging.Filter):
    """Leaves a warning one line long: a refused page is no fault whose traceback anyone reads."""

    def filter(self, record):
        if record.levelno < logging.ERROR:
            record.exc_info = record.exc_text = None
        return True
