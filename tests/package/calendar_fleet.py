"""A fleet whose schedule a holiday's rule keeps from running: what takes libical."""
FLEET = """
fleet: calendar
region: us-east-1
environments:
  dev: {phases: [{name: app, servers: [web-1]}]}
calendars:
  holidays: {ical: holidays.ics}
schedules:
  - {name: mornings, action: start, cron: "0 6 * * ? *", timezone: UTC, except: [holidays]}
"""
HOLIDAYS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//tests//EN
BEGIN:VEVENT
UID:1@tests
DTSTAMP:20260101T000000Z
DTSTART;VALUE=DATE:20201225
RRULE:FREQ=YEARLY
SUMMARY:Christmas
END:VEVENT
END:VCALENDAR
"""
NEXT = ["next", "-f", "/tmp/calendar.yaml", "--from", "2026-12-24T00:00:00Z"]


def write_calendar(root):
    root.write("tmp/calendar.yaml", FLEET)
    root.write("tmp/holidays.ics", HOLIDAYS.replace("\n", "\r\n"))
