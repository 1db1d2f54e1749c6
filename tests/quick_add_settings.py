"""More sentences, as in quick_add_sentences.py: names, words that are kept, and other viewers."""

from typing import Final

# The lists are "Home", "My list", "home" and "C#", the labels "Bills", "Café" and "two words".
NAMES = r"""
Buy milk {#Home}
Buy milk {#home}
Buy milk {#HOME} {@bills}
{#Home} buy milk
Buy {#Home} milk
Buy milk {#Home}, {@bills} | => Buy milk
Buy milk {#Home}. | => Buy milk.
Buy milk ({#Home}) | => Buy milk
Buy milk {#"My list"}
Buy milk {#"my list"} {tomorrow} | 2026-11-28
Buy milk {#My\ list}
Buy milk {#“My list”}
Buy milk {#C#}
Buy milk #Work
Buy milk #Work {#Home}
Buy milk #Home {#"My list"}
Buy milk #"Home
Buy milk #"Home"s
Buy milk #
Buy milk # {tomorrow} | 2026-11-28
Fix issue #12 {tomorrow} | 2026-11-28
Learn C# {tomorrow} | 2026-11-28
Watch #tomorrow
Watch #inbox
Sort a#Home b@bills
Buy milk {@bills}
Buy milk {@Bills} {@shop}
Buy milk {@shop} {@SHOP}
Buy milk {@café}
Buy milk {@"two words"} {@"three more words"}
Buy milk {@two\ words}
Buy milk {@"say \"hi\""}
Buy milk {@shop}, {@bills}! | => Buy milk!
Buy milk {@tomorrow}
Buy milk {@5pm}
Buy milk {@日本}
Buy milk {@🛒}
Buy milk @ {noon} | 2026-11-27 12:00
Buy milk @
Buy milk @-)
Buy milk @""
Buy milk @@shop
Buy milk @"shop
Write to bob@example.com {tomorrow} | 2026-11-28
Read https://example.com/@bob/12/24?at=5pm#Home {today} | 2026-11-27
Buy milk {p1}
Buy milk {P2}
Buy milk {p3}, soon | => Buy milk, soon
Buy milk p4
Buy milk p1 {p2}
Buy p10 and mp3
{p1} Fix the bug
Watch "Tomorrow Never Dies" {tomorrow} | 2026-11-28
Watch “The Day After Tomorrow”
Watch 'next friday' {on friday} | 2026-12-04
Watch 'it's noon today' {today} | 2026-11-27
Watch «every day»
Watch „every day“
Watch "#Home" {#Home}
Watch "tomorrow
Buy a 24" screen and a 27" screen {tomorrow} | 2026-11-28
Rock 'n' roll {tomorrow} | 2026-11-28
Read \tomorrow | => Read tomorrow
Read \Tomorrow, then call {monday} | 2026-11-30 | => Read Tomorrow, then call
Read \next \week | => Read next week
Read \#Home {#Home} | => Read #Home
Read \@bills | => Read @bills
Read \p1 | => Read p1
Read \5pm | => Read 5pm
Read \"monday" {tuesday} | 2026-12-01 | => Read "monday"
Read every \day | => Read every day
Read \every! day | => Read every! day
Wave \o/ {today} | 2026-11-27
Open \\server\share {today} | 2026-11-27
Open C:\today {today} | 2026-11-27
Learn \LaTeX
🎂 {tomorrow} | 2026-11-28
Party 🎉 {dec 24} 🎄 | 2026-12-24
👨‍👩‍👧 dinner {tomorrow} {@family} | 2026-11-28
Order a café {tomorrow} | 2026-11-28
להתקשר לאמא {tomorrow} {#Home} | 2026-11-28
İstanbul İzmir {tomorrow} | 2026-11-28
買い物 {tomorrow} {at 9} | 2026-11-28 09:00
"""
# Quotation marks and marks of direction that some keyboards write
NAMES += """
Watch \u2018monday\u2019s child\u2019 {p2}
Lunch {at 5 o\u2019clock} | 2026-11-28 05:00
\u200f{tomorrow}\u200f \u05d0 | 2026-11-28 | => \u200f\u200f \u05d0
"""

# Each with the moment, the zone, the order of dates, the start of weeks, and sentences.
OTHERS: Final = (
    # Friday in New York, 10:30
    (
        "2026-11-27T15:30:00Z",
        "America/New_York",
        "mdy",
        "sunday",
        """
Buy gifts {12/24} | 2026-12-24
Buy gifts {12/24/27} | 2027-12-24
Buy gifts {12/24/2027} {at 9} | 2027-12-24 09:00
Buy gifts {1/2} | 2027-01-02
Buy gifts {on 1/2} | 2027-01-02
Buy gifts {24.12.} | 2026-12-24
Buy gifts {1.2.} | 2027-02-01
Buy gifts 24/12
Buy gifts 13/1
Support 24/7
Plan trip {next week} | 2026-11-29
Plan trip {next sunday} | 2026-11-29
Plan trip {next saturday} | 2026-12-05
Plan trip {next friday} | 2026-12-04
Plan trip {this sunday} | 2026-11-29
Party {every 12/24} | 2026-12-24 | FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24
Gym {every 2 weeks on sun and mon} | 2026-11-29 | FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU
Gym {every 2 weeks on sun} | 2026-11-29 | FREQ=WEEKLY;INTERVAL=2;BYDAY=SU
Gym {every 2 weeks on weekdays} | 2026-11-27 | FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR;WKST=SU
Gym {every sun and mon} | 2026-11-29 | FREQ=WEEKLY;BYDAY=MO,SU
Lunch {at 10:31} | 2026-11-27 10:31
Lunch {at 10:30} | 2026-11-28 10:30
""",
    ),
    (
        "2026-11-27T15:30:00Z",
        "Asia/Riyadh",
        "dmy",
        "saturday",
        """
Plan trip {next week} | 2026-11-28
Plan trip {next saturday} | 2026-11-28
Plan trip {next friday} | 2026-12-04
Gym {every 2 weeks on sat and sun} | 2026-11-28 | FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU;WKST=SA
Lunch {at 18:31} | 2026-11-27 18:31
""",
    ),
    # The hour before midnight, on the last day of the year
    (
        "2026-12-31T22:30:00Z",
        "Europe/Berlin",
        "dmy",
        "monday",
        """
Sleep {today} | 2026-12-31
Sleep {tonight} | 2026-12-31
Sleep {tomorrow} | 2027-01-01
Sleep {at 23:45} | 2026-12-31 23:45
Sleep {at 23:15} | 2027-01-01 23:15
Sleep {at 0:15} | 2027-01-01 00:15
Sleep {in 1 hour} | 2027-01-01 00:30
Sleep {thursday} | 2027-01-07
Sleep {this thursday} | 2026-12-31
Sleep {dec 31} | 2026-12-31
Sleep {dec 30} | 2027-12-30
Sleep {1 jan} | 2027-01-01
Sleep {next week} | 2027-01-04
Sleep {next month} | 2027-01-01
Sleep {in 2 months} | 2027-02-28
Sleep {every day} {at 23} | 2027-01-01 23:00 | FREQ=DAILY
Sleep {every month} | 2026-12-31 | FREQ=MONTHLY;BYMONTHDAY=-1
Sleep {every month} {at 23} | 2027-01-31 23:00 | FREQ=MONTHLY;BYMONTHDAY=-1
Sleep {every 31st} {at 23} | 2027-01-31 23:00 | FREQ=MONTHLY;BYMONTHDAY=-1
Sleep {every year} {at 23} | 2027-12-31 23:00 | FREQ=YEARLY
""",
    ),
    # The same moment is another day at both ends of the world.
    (
        "2026-12-31T10:30:00Z",
        "Pacific/Kiritimati",
        "dmy",
        "monday",
        """
Sleep {today} | 2027-01-01
Sleep {tomorrow} | 2027-01-02
Sleep {at 0:31} | 2027-01-01 00:31
Sleep {at 0:30} | 2027-01-02 00:30
Sleep {dec 31} | 2027-12-31
""",
    ),
    (
        "2026-12-31T10:30:00Z",
        "Pacific/Pago_Pago",
        "dmy",
        "monday",
        """
Sleep {today} | 2026-12-30
Sleep {tomorrow} | 2026-12-31
Sleep {at 23:31} | 2026-12-30 23:31
Sleep {at 23:30} | 2026-12-31 23:30
Sleep {dec 31} | 2026-12-31
""",
    ),
    # The night in which clocks go forward from 2:00 to 3:00: it is 1:30. What is due in the gap comes an hour later.
    (
        "2027-03-28T00:30:00Z",
        "Europe/Berlin",
        "dmy",
        "monday",
        """
Wake up {at 2:30} | 2027-03-28 02:30
Wake up {at 1:30} | 2027-03-29 01:30
Wake up {at 3} | 2027-03-28 03:00
Wake up {in 1 hour} | 2027-03-28 03:30
Wake up {in 1 day} | 2027-03-29
Wake up {every day} {at 2:30} | 2027-03-28 02:30 | FREQ=DAILY
""",
    ),
    # It is 3:15 by summer time: 2:10 in the gap was at 3:10, 2:20 comes at 3:20.
    (
        "2027-03-28T01:15:00Z",
        "Europe/Berlin",
        "dmy",
        "monday",
        """
Wake up {at 2:10} | 2027-03-29 02:10
Wake up {at 2:20} | 2027-03-28 02:20
Wake up {every day} {at 2:10} | 2027-03-29 02:10 | FREQ=DAILY
""",
    ),
    # The night in which clocks go back from 3:00 to 2:00: it is 2:30 for the first time.
    (
        "2027-10-31T00:30:00Z",
        "Europe/Berlin",
        "dmy",
        "monday",
        """
Wake up {at 2:45} | 2027-10-31 02:45
Wake up {at 2:15} | 2027-11-01 02:15
Wake up {in 1 hour} | 2027-10-31 02:30
""",
    ),
    # It is 2:15 for the second time: 2:30 means the first time, which is over.
    (
        "2027-10-31T01:15:00Z",
        "Europe/Berlin",
        "dmy",
        "monday",
        """
Wake up {at 2:30} | 2027-11-01 02:30
Wake up {at 3} | 2027-10-31 03:00
""",
    ),
    # 29 February
    (
        "2028-02-29T12:00:00Z",
        "UTC",
        "mdy",
        "monday",
        """
Leap {feb 29} | 2028-02-29
Leap {2/29} | 2028-02-29
Leap {in 1 year} | 2029-02-28
Leap {in 1 month} | 2028-03-29
Leap {every year} | 2028-02-29 | FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1
Leap {every year} {at 9} | 2029-02-28 09:00 | FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1
Leap {every feb 29} {at 9} | 2029-02-28 09:00 | FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1
Leap {every month} | 2028-02-29 | FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1
Leap {every 30th} | 2028-02-29 | FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1
Leap {every 31st} | 2028-02-29 | FREQ=MONTHLY;BYMONTHDAY=-1
Leap {feb 28} | 2029-02-28
""",
    ),
    (
        "2096-03-01T12:00:00Z",
        "UTC",
        "dmy",
        "monday",
        """
Leap {29 feb} | 2104-02-29
""",
    ),
    # The last day of the calendar
    (
        "9999-12-31T23:30:00Z",
        "Pacific/Kiritimati",
        "dmy",
        "monday",
        """
End {today} | 9999-12-31
End {at 9} | 9999-12-31 09:00
End {every day} {at 9} | 9999-12-31 09:00 | FREQ=DAILY
End tomorrow
End next month
End next week
End in 3 days
End in 2 hours
End in 3 years
End dec 30
End friday
""",
    ),
)
