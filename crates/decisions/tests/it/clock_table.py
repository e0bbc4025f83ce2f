"""Computes the table of deadlines beside this file, which the tests compare with ours.

It shares nothing with the program but the rules: it counts minutes (or seconds, where a start
has some) one by one, on the wall's clock of the zone for business time and in UTC for elapsed
time. Zones are those of Python's zoneinfo.

    python3 clock_table.py > clock_table.tsv
"""

from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from itertools import cycle
from zoneinfo import ZoneInfo

UTC = timezone.utc
UNITS = {"h": 1, "d": 24, "bh": 1, "bd": 24, "wh": 1}
# An outage must last longer than this to count.
TOLERATED = 15


def instant(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def written(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Days:
    def __init__(self, holidays, blackouts):
        self.off, self.still = set(), set()
        self.off.update(date.fromisoformat(day) for day in holidays)
        for blackout in blackouts:
            first, last, pause = blackout.split("/")
            day = date.fromisoformat(first)
            while day <= date.fromisoformat(last):
                self.off.add(day)
                if pause == "all":
                    self.still.add(day)
                day += timedelta(days=1)

    def counts(self, shown, unit):
        """Whether the minute that begins now is counted in business time."""
        if shown.weekday() >= 5 or shown.date() in self.off:
            return False
        return unit != "wh" or 9 <= shown.hour < 17

    def stands(self, now, zone):
        return bool(self.still) and now.astimezone(zone).date() in self.still


def advance(now, steps, step, zone, days):
    """Elapsed time; a blackout that stops everything stops it too."""
    while steps:
        if not days.stands(now, zone):
            steps -= 1
        now += step
    return now


def deadline(start, period, zone, days):
    unit = period.lstrip("0123456789")
    step = timedelta(seconds=1) if start.second else timedelta(minutes=1)
    steps = int(period.removesuffix(unit)) * UNITS[unit] * (timedelta(hours=1) // step)
    if not steps:
        return start
    if unit in ("h", "d"):
        return advance(start, steps, step, zone, days)
    shown = start.astimezone(zone).replace(tzinfo=None)
    while steps:
        if days.counts(shown, unit):
            steps -= 1
        shown += step
    return max(start, shown.replace(tzinfo=zone, fold=0).astimezone(UTC))


def down_minutes(outages, start):
    """The minutes after the start in which nothing was received, but for short outages."""
    down = set()
    for outage in outages:
        now, until = map(instant, outage.split("/"))
        while now < until:
            if now >= start:
                down.add(now)
            now += timedelta(minutes=1)
    long, run = set(), []
    for minute in sorted(down):
        if run and minute - run[-1] > timedelta(minutes=1):
            long.update(run if len(run) > TOLERATED else [])
            run = []
        run.append(minute)
    long.update(run if len(run) > TOLERATED else [])
    return long


def despite(outages, start, period, zone, days):
    """The least end before which as much was received as without outages."""
    plain = deadline(start, period, zone, days)
    down = {minute for minute in down_minutes(outages, start) if not days.stands(minute, zone)}
    end = plain
    while True:
        lost = sum(minute < end for minute in down)
        later = advance(plain, lost, timedelta(minutes=1), zone, days)
        if later == end:
            return end
        end = later


def amended(opened, period, now, amend, least, most, zone):
    days = Days([], [])
    at = lambda start, period: deadline(start, period, zone, days)
    closes = at(opened, period)
    new = min(at(opened, most), max(closes, at(now, amend), at(opened, least)))
    day = timedelta(hours=24)
    if closes - now <= day and new - closes < day:
        return "last-call"
    return written(new)


# Zone, then starts around what its clocks do, with days off near by.
PLACES = [
    ("UTC", [
        ("2016-02-26T15:30:00Z", ["2016-02-29"], []),
        ("2020-02-28T23:00:00Z", [], []),
        ("2023-12-29T12:00:00Z", ["2024-01-01"], ["2024-01-03/2024-01-05/business"]),
        ("2024-12-20T16:00:00Z", ["2024-12-25", "2024-12-26", "2025-01-01"], []),
        ("2026-11-06T17:00:00Z", [], ["2026-11-09/2026-11-12/all"]),
        ("2025-08-09T10:00:00Z", [], []),
    ]),
    ("America/New_York", [
        # The hour from 2 to 3 is skipped on a Sunday; 1 to 2 is shown twice in November.
        ("2024-03-08T21:00:00Z", [], []),
        ("2024-03-10T06:59:00Z", [], []),
        ("2024-03-10T07:00:00Z", ["2024-03-11"], []),
        ("2024-11-01T20:15:00Z", [], []),
        ("2024-11-03T05:30:00Z", [], ["2024-11-03/2024-11-04/all"]),
        ("2024-11-03T06:30:00Z", [], []),
        ("2015-11-25T13:45:00Z", ["2015-11-26", "2015-11-27"], []),
    ]),
    ("Europe/Berlin", [
        ("2025-03-28T15:20:00Z", [], []),
        ("2025-03-30T00:30:00Z", [], ["2025-03-30/2025-03-30/all"]),
        ("2025-10-24T14:00:00Z", ["2025-10-27"], []),
        ("2025-10-26T00:30:00Z", [], []),
        ("2025-10-26T01:30:00Z", [], []),
        ("2021-12-31T22:59:00Z", ["2021-12-31"], ["2022-01-01/2022-01-02/all"]),
    ]),
    ("Australia/Lord_Howe", [
        # Its clocks change by half an hour.
        ("2022-04-01T05:00:00Z", [], []),
        ("2022-04-02T14:45:00Z", [], []),
        ("2022-04-02T15:15:00Z", [], ["2022-04-03/2022-04-03/all"]),
        ("2022-09-30T06:00:00Z", ["2022-10-03"], []),
        ("2022-10-01T15:30:00Z", [], []),
    ]),
    ("Asia/Kolkata", [
        ("2019-01-25T11:00:00Z", ["2019-01-28"], []),
        ("2024-02-28T18:29:00Z", [], ["2024-02-29/2024-02-29/business"]),
        ("2026-01-02T18:30:00Z", [], []),
    ]),
    ("Pacific/Apia", [
        ("2016-04-01T09:00:00Z", [], []),
        ("2016-04-02T13:30:00Z", [], []),
        ("2019-09-27T22:00:00Z", ["2019-09-30"], []),
        ("2020-12-31T09:30:00Z", ["2021-01-01"], []),
    ]),
    ("America/Sao_Paulo", [
        # Midnight is skipped, or the hour before it is shown twice.
        ("2018-02-16T20:00:00Z", ["2018-02-19"], []),
        ("2018-02-18T01:30:00Z", [], ["2018-02-17/2018-02-17/all"]),
        ("2018-02-18T02:30:00Z", [], []),
        ("2018-11-02T19:00:00Z", [], []),
        ("2018-11-04T02:59:00Z", [], ["2018-11-04/2018-11-04/all"]),
    ]),
    ("Etc/GMT+12", [
        ("2026-11-06T11:59:00Z", [], []),
        ("2026-11-07T12:00:00Z", ["2026-11-09"], []),
        ("2019-12-31T11:30:00Z", ["2020-01-01"], ["2019-12-30/2019-12-30/all"]),
    ]),
    # Its clocks change on a Friday, a business day, at midnight.
    ("Africa/Cairo", [
        ("2024-04-25T20:30:00Z", [], []),
        ("2024-10-31T20:30:00Z", [], []),
        ("2024-10-31T21:30:00Z", [], []),
    ]),
]
PERIODS = cycle(
    ["1h", "36h", "72bh", "16wh", "3bd", "0bd", "2d", "1wh", "24bh", "7d", "1bd", "8wh", "1bh", "20wh"]
)
SECONDS = [
    ("America/New_York", "2024-11-03T05:59:59Z", "2h", [], []),
    ("America/New_York", "2024-11-01T20:59:59Z", "1wh", [], []),
    ("Europe/Berlin", "2025-10-24T21:59:59Z", "1bh", [], []),
    ("Etc/GMT+12", "2026-11-06T11:59:59Z", "12bh", [], []),
    ("UTC", "2016-02-29T23:59:59Z", "1d", [], ["2016-03-01/2016-03-01/all"]),
]
DOWN = [
    # Zone, start, period, holidays, blackouts, outages.
    ("UTC", "2025-06-03T10:00:00Z", "24h", [], [], ["2025-06-03T12:00:00Z/2025-06-03T13:00:00Z"]),
    ("UTC", "2025-06-03T10:00:00Z", "24h", [], [], ["2025-06-03T12:00:00Z/2025-06-03T12:15:00Z"]),
    ("UTC", "2025-06-03T10:00:00Z", "24h", [], [], ["2025-06-03T12:00:00Z/2025-06-03T12:16:00Z"]),
    ("UTC", "2025-06-03T10:00:00Z", "24h", [], [], ["2025-06-04T09:55:00Z/2025-06-04T11:00:00Z"]),
    ("UTC", "2025-06-03T10:00:00Z", "24h", [], [], ["2025-06-04T09:55:00Z/2025-06-04T10:10:00Z"]),
    ("UTC", "2025-06-03T10:00:00Z", "24h", [], [], ["2025-06-04T10:00:00Z/2025-06-04T11:00:00Z"]),
    ("UTC", "2025-06-03T10:00:00Z", "24h", [], [], ["2025-06-04T09:00:00Z/2025-06-04T10:00:00Z"]),
    # The second lies in what was given back for the first.
    ("UTC", "2025-06-03T10:00:00Z", "24h", [], [],
     ["2025-06-04T08:00:00Z/2025-06-04T09:30:00Z", "2025-06-04T11:00:00Z/2025-06-04T13:00:00Z"]),
    ("UTC", "2025-06-03T10:00:00Z", "24h", [], [],
     ["2025-06-04T08:00:00Z/2025-06-04T09:00:00Z", "2025-06-04T11:00:00Z/2025-06-04T13:00:00Z"]),
    # Two short ones that touch or overlap are a long one; two apart are none.
    ("UTC", "2025-06-03T10:00:00Z", "24h", [], [],
     ["2025-06-03T12:10:00Z/2025-06-03T12:20:00Z", "2025-06-03T12:00:00Z/2025-06-03T12:10:00Z"]),
    ("UTC", "2025-06-03T10:00:00Z", "24h", [], [],
     ["2025-06-03T12:00:00Z/2025-06-03T12:14:00Z", "2025-06-03T12:05:00Z/2025-06-03T12:20:00Z"]),
    ("UTC", "2025-06-03T10:00:00Z", "24h", [], [],
     ["2025-06-03T12:00:00Z/2025-06-03T12:10:00Z", "2025-06-03T12:11:00Z/2025-06-03T12:21:00Z"]),
    # Only what lies after the start is looked at.
    ("UTC", "2025-06-03T10:00:00Z", "24h", [], [], ["2025-06-03T08:00:00Z/2025-06-03T10:10:00Z"]),
    ("UTC", "2025-06-03T10:00:00Z", "24h", [], [], ["2025-06-03T08:00:00Z/2025-06-03T10:40:00Z"]),
    ("UTC", "2025-06-03T10:00:00Z", "0h", [], [], ["2025-06-03T08:00:00Z/2025-06-03T12:00:00Z"]),
    # Business time is given back as it passed, into the weekend too.
    ("UTC", "2025-06-05T17:00:00Z", "8wh", [], [], ["2025-06-06T14:00:00Z/2025-06-06T18:00:00Z"]),
    ("Europe/Berlin", "2025-03-27T22:00:00Z", "24bh", [], [], ["2025-03-28T10:00:00Z/2025-03-28T16:00:00Z"]),
    ("Europe/Berlin", "2025-10-24T10:00:00Z", "1bd", [], [], ["2025-10-26T00:30:00Z/2025-10-26T02:00:00Z"]),
    ("America/New_York", "2024-11-01T20:00:00Z", "3bd", ["2024-11-05"], [], ["2024-11-03T05:00:00Z/2024-11-03T07:30:00Z"]),
    ("Australia/Lord_Howe", "2022-04-01T05:00:00Z", "2d", [], [], ["2022-04-02T14:30:00Z/2022-04-02T15:30:00Z"]),
    ("Asia/Kolkata", "2026-01-02T18:30:00Z", "16wh", [], [], ["2026-01-05T03:30:00Z/2026-01-05T06:00:00Z"]),
    ("Etc/GMT+12", "2026-11-05T11:59:00Z", "1bd", [], [], ["2026-11-06T11:00:00Z/2026-11-06T12:30:00Z"]),
    # What a blackout stops was not counted, and is not given back.
    ("UTC", "2026-11-08T12:00:00Z", "1d", [], ["2026-11-09/2026-11-12/all"], ["2026-11-08T23:00:00Z/2026-11-09T05:00:00Z"]),
    ("UTC", "2026-11-08T12:00:00Z", "12h", [], ["2026-11-09/2026-11-12/all"], ["2026-11-08T20:00:00Z/2026-11-08T22:00:00Z"]),
    ("UTC", "2026-11-08T12:00:00Z", "1d", [], ["2026-11-09/2026-11-12/all"], ["2026-11-10T00:00:00Z/2026-11-11T00:00:00Z"]),
    ("UTC", "2026-11-08T12:00:00Z", "1bd", [], ["2026-11-09/2026-11-12/business"], ["2026-11-10T00:00:00Z/2026-11-11T00:00:00Z"]),
]
AMENDED = [
    # Zone, opened, period, changed at, time after a change, least, most.
    ("UTC", "2025-06-02T10:00:00Z", "72h", "2025-06-03T10:00:00Z", "24h", "1h", "240h"),
    ("UTC", "2025-06-02T10:00:00Z", "72h", "2025-06-04T09:59:00Z", "24h", "1h", "240h"),
    ("UTC", "2025-06-02T10:00:00Z", "72h", "2025-06-04T10:00:00Z", "24h", "1h", "240h"),
    ("UTC", "2025-06-02T10:00:00Z", "72h", "2025-06-04T10:00:00Z", "48h", "1h", "240h"),
    ("UTC", "2025-06-02T10:00:00Z", "72h", "2025-06-05T09:59:00Z", "24h", "1h", "240h"),
    ("UTC", "2025-06-02T10:00:00Z", "72h", "2025-06-05T09:00:00Z", "72h", "1h", "120h"),
    ("UTC", "2025-06-02T10:00:00Z", "72h", "2025-06-05T09:00:00Z", "72h", "1h", "96h"),
    ("UTC", "2025-06-02T10:00:00Z", "72h", "2025-06-05T09:00:00Z", "72h", "1h", "90h"),
    ("UTC", "2025-06-02T10:00:00Z", "72h", "2025-06-03T10:00:00Z", "24h", "120h", "240h"),
    ("UTC", "2025-06-02T10:00:00Z", "72h", "2025-06-03T10:00:00Z", "24h", "120h", "100h"),
    ("UTC", "2025-06-02T10:00:00Z", "72h", "2025-06-03T10:00:00Z", "24h", "1h", "48h"),
    ("UTC", "2025-06-06T17:00:00Z", "72bh", "2025-06-10T09:00:00Z", "24bh", "1bd", "15bd"),
    ("Europe/Berlin", "2025-10-23T10:00:00Z", "3bd", "2025-10-24T12:00:00Z", "24bh", "1bd", "15bd"),
    ("Europe/Berlin", "2025-10-24T10:00:00Z", "1bd", "2025-10-25T11:00:00Z", "16wh", "1bd", "5bd"),
    ("America/New_York", "2024-03-07T15:00:00Z", "72h", "2024-03-09T16:00:00Z", "24bh", "1bd", "15bd"),
    ("Etc/GMT+12", "2026-11-05T11:59:00Z", "5bd", "2026-11-11T12:00:00Z", "24bh", "1bd", "6bd"),
]


def rows():
    for zone, starts in PLACES:
        for start, holidays, blackouts in starts:
            for period in (next(PERIODS) for _ in range(5)):
                yield zone, start, period, holidays, blackouts, []
    for row in SECONDS:
        yield *row, []
    yield from DOWN


def listed(values):
    return ",".join(values) or "-"


def main():
    zone_of = lru_cache(ZoneInfo)
    for zone, start, period, holidays, blackouts, outages in rows():
        days = Days(holidays, blackouts)
        end = despite(outages, instant(start), period, zone_of(zone), days)
        columns = [zone, start, period, listed(holidays), listed(blackouts), listed(outages)]
        print("deadline", *columns, written(end), sep="\t")
    for zone, opened, period, now, *periods in AMENDED:
        answer = amended(instant(opened), period, instant(now), *periods, zone_of(zone))
        print("amended", zone, opened, period, now, *periods, answer, sep="\t")


main()
