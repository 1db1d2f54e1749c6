"""Titles that say nothing about when. They are the same for every viewer."""

from typing import Final

TITLES: Final = r"""
May the force
Call 5 people
Buy 2 eggs
Read chapter 3
Sat exam prep
March for science
Second opinion
Mon ami
Sun cream and towels
Buy sun cream
Wed the two tables
Fri the onions
Thu-Ba's birthday card
Tue Gutes
Ask Jan about the report
Thank April
Meet June and Augusta
Dec the halls
Mar the surface
Review Sept figures
Plan the summer in May
Visit in december
March
May
Plan 2027
Read 1984
Watch 2001: A Space Odyssey
12 angry men
Call the second plumber
Read the 3rd chapter
5th floor window
Find the 1st edition
Win first place
Get the last biscuit
Read 24 pages
Buy milk at the shop
Look at houses
Aim at 100 words
Stay at 25 Main Street
Score at least 5
Drink 8 glasses
Version 1.2
Ubuntu 24.04
Upgrade to 1.2.3
Ping 10.0.0.1
Pay 24.12 to Bob
Support 24/7
Divide 50/50
Try 99/100
Ratio 16:9
Time 5:7
Clock 25:00
Clock 12:60
Run 5k
Lift 5 pmx
Write 13pm
Write 0am
Order 5p
Every breath you take
Every little thing
Question every assumption
Every
Everyday life
Write daily report
Weekly review
Monthly budget
Do it every time
Exercise every morning
Check every hour
Check every 5 minutes
Pay every 32nd
Pay every last day of february
Pay every feb 30
Pay every 0 days
Party feb 30
Party 31 apr
Party 30.2.
Party 2027-02-29
Party 2026-13-01
Party 32 dec
Party dec 0
Party dec 32
Next of kin
Next steps
Next door neighbour
In the mood
In 3 words
In 0 days
In 3 business days
This is it
On time
On my way
By the way
Due diligence
For example
Starting lineup
Yesterday's news
Today's special
Tomorrow's world
Friday's child
Fridays for Future
Tomorrowland tickets
Mondays
Weekday traffic
Weekend trip
Buy a weekday pass
Noonan
Afternoon tea
Midnight snack
Before tomorrow
After friday
Until monday
Since tuesday
From today
The today show
The Friday report
A monday person
Last friday
Not today
Notes of monday
About tomorrow
Black Friday deals
Cyber Monday
Good Friday
Easter Monday lunch
Ash Wednesday
Casual Friday outfit
Super Bowl Sunday
Best of friday
Between monday and friday
P0 and P4
Buy p5
P1x
mp3 player
C#
F# minor
bob@example.com
a@b
me@home about it
http://example.com/2026-12-24
1/2/3/4
1//2
12/24/26/5
2026-12-24-final.pdf
report_tomorrow.doc
tomorrow-ish
friday/saturday
5pm/6pm
9:00-17:00
5-6pm
sat-nav
sun-dried tomatoes
Buy sun dried tomatoes
mon-fri
one two three
ten green bottles
a day in the life
the second day
week after week
month by month
year in review
day after day
hour of need
1st and 15th
the 24th
24th
24
24.
at
in
on
every!
p
#
@
...
!
🎂
"""
