"""Messages on their way out, at least once: mail and webhooks.

A row is written in the transaction of what it tells about and delivered afterwards, by whoever
claims it. What isn't delivered is tried again, later and later, and never dropped: a crash, a mail
server that is down or a help desk that is closed lose nothing. A message may arrive twice, and
then with the same Message-ID or webhook id, so that a receiver can tell.
"""

from bot.desk.outbox.delivery import Done, deliver_due
from bot.desk.outbox.queue import listed, retry
from bot.desk.outbox.worker import Worker

__all__ = ["Done", "Worker", "deliver_due", "listed", "retry"]
