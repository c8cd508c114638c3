"""What the daemon is measured beside: APScheduler with its jobs in SQLite. A job commits the start that it stands for, and
says so in the daemon's words.

usage: peer.py prepare|serve FOLDER       (FOLDER/schedules.json: [{"name", "at": MOMENT} or {"name", "daily": [HOUR, MINUTE],
                                           "next": MOMENT}])
"""

import datetime
import json
import pathlib
import signal
import sqlite3
import sys
import threading

from apscheduler.events import EVENT_JOB_MISSED
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from sqlalchemy import create_engine, event

UTC = datetime.timezone.utc
FOLDER = pathlib.Path(sys.argv[2])
of_thread = threading.local()


def starts():
    """This thread's connection to the starts."""
    if not hasattr(of_thread, "database"):
        of_thread.database = sqlite3.connect(FOLDER / "starts.sqlite", isolation_level=None, timeout=60)
        of_thread.database.execute("PRAGMA journal_mode = WAL")
        of_thread.database.execute("PRAGMA synchronous = FULL")
        of_thread.database.execute("CREATE TABLE IF NOT EXISTS started (name TEXT PRIMARY KEY, at TEXT NOT NULL)")
    return of_thread.database


def start(name, due):
    starts().execute("INSERT OR IGNORE INTO started VALUES (?, ?)", (f"{name}-{due}", str(datetime.datetime.now(UTC))))
    print(f'f: start "{name}", due {due} UTC: started', flush=True)


class Loopless(BaseScheduler):
    """Keeps jobs, and never looks whether they are due."""

    def wakeup(self):
        pass

    def shutdown(self, wait=True):
        super().shutdown(wait)


def scheduler(kind=BackgroundScheduler, durable=True):
    engine = create_engine(f"sqlite:///{FOLDER}/jobs.sqlite")
    if not durable:
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
    made = kind(
        jobstores={"default": SQLAlchemyJobStore(engine=engine)},
        job_defaults={"misfire_grace_time": 3600, "coalesce": True},
        timezone=UTC,
    )
    made.add_listener(lambda event: print(f"{event.job_id}: missed", flush=True), EVENT_JOB_MISSED)
    return made


def prepare():
    starts()
    made = scheduler(Loopless, durable=False)  # it isn't measured, and 10,000 commits take minutes
    for one in json.loads((FOLDER / "schedules.json").read_text()):
        if "at" in one:
            due = datetime.datetime.fromisoformat(one["at"])
            made.add_job(start, DateTrigger(due, UTC), (one["name"], f"{due:%Y-%m-%d %H:%M:%S}"), id=one["name"])
        else:
            hour, minute = one["daily"]
            made.add_job(start, CronTrigger(hour=hour, minute=minute, timezone=UTC), (one["name"], "daily"), id=one["name"],
                         next_run_time=datetime.datetime.fromisoformat(one["next"]))
    made.start()  # now they are in the store


def serve():
    made = scheduler()
    made.start()
    print("ready", flush=True)
    signal.sigwait({signal.SIGTERM})
    made.shutdown(wait=False)


if __name__ == "__main__":
    {"prepare": prepare, "serve": serve}[sys.argv[1]]()
