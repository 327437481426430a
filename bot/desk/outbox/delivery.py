"""Delivering what is due."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.desk.context import Context
from bot.desk.outbox import queue
from bot.desk.outbox.failures import NobodyThere, NotDelivered
from bot.desk.outbox.mail import MailFiles, MailSession
from bot.desk.outbox.queue import Claimed
from bot.desk.outbox.webhook import WebhookSession
from bot.desk.vocabulary import Channel

logger = logging.getLogger(__name__)

BATCH = 10
"""Rows claimed at once; few, since what is claimed can't be delivered by others meanwhile."""

Session = MailFiles | MailSession | WebhookSession


@dataclass(frozen=True)
class Done:
    """What one round came to.

    Attributes:
        delivered: messages taken by their receivers.
        waiting: messages that couldn't be delivered and will be tried again.
        given_up: messages that couldn't be delivered and wait for an operator.
    """

    delivered: int = 0
    waiting: int = 0
    given_up: int = 0

    def __add__(self, other: Done) -> Done:
        return Done(
            self.delivered + other.delivered,
            self.waiting + other.waiting,
            self.given_up + other.given_up,
        )


def deliver_due(
    context: Context, channel: Channel, stopped: Callable[[], bool] = lambda: False
) -> Done:
    """Deliver what is due on a channel, until nothing is or nobody answers.

    Args:
        context: the desk's tools.
        channel: mail or webhook.
        stopped: asked between messages; when true, the rest is left for later.

    Raises:
        DeskUnavailable: when the database doesn't answer.
    """
    done = Done()
    while not stopped():
        rows = queue.claim(context.database, context.clock, channel, BATCH)
        if not rows:
            break
        with _session(context, channel) as session:
            part, goes_on = _deliver(context, session, rows, stopped)
        done += part
        if not goes_on:
            break
    return done


def _session(context: Context, channel: Channel) -> Session:
    routes = context.routes
    if channel is Channel.WEBHOOK:
        return WebhookSession(routes.webhook, context.now)
    if routes.mail_server is not None:
        return MailSession(routes, routes.mail_server)
    return MailFiles(routes)


def _deliver(
    context: Context, session: Session, rows: list[Claimed], stopped: Callable[[], bool]
) -> tuple[Done, bool]:
    """Deliver claimed rows; what was done, and whether to go on with further ones."""
    done = Done()
    # A slow receiver must not let the claim run out while we still deliver.
    until = time.monotonic() + queue.LEASE.total_seconds() / 2
    for n, row in enumerate(rows):
        if stopped() or time.monotonic() > until:
            queue.give_back(context.database, rows[n:])
            return done, False
        try:
            session.send(row)
        except NotDelivered as error:
            # Where nobody answers, one row's failure tells it for all that wait behind it.
            done += _failed(context, row, error)
            if isinstance(error, NobodyThere):
                queue.give_back(context.database, rows[n + 1 :])
                return done, False
        else:
            queue.delivered(context.database, context.clock, row)
            done += Done(delivered=1)
    return done, True


def _failed(context: Context, row: Claimed, error: NotDelivered) -> Done:
    given_up = queue.not_delivered(context.database, context.clock, context.routes, row, error)
    if given_up:
        logger.error("outbox message %s (%s) is given up: %s", row.id, row.about, error.reason)
        return Done(given_up=1)
    logger.warning("outbox message %s (%s) waits: %s", row.id, row.about, error.reason)
    return Done(waiting=1)
