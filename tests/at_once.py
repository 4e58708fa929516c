"""Several people at the same moment, each on a connection of their own, with real waiting."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import IntegrityError, connection

from tracker.workflow import MoveRefused


def at_once(*actions):
    """Run the actions at the same time; give what each returned, or how it was refused."""
    start = Barrier(len(actions))

    def run(action):
        try:
            start.wait()
            return action()
        except (MoveRefused, IntegrityError) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def told(results):
    return [r for r in results if isinstance(r, MoveRefused)]
