"""Sentences, each with what quick add must make of it.

In a sentence, `{…}` marks what is understood. Then follow, after ` | `, the due date and the rule. The title is what is
not marked; a title that differs from this follows ` | => `. A sentence alone has no date and no rule.
"""

from typing import Final

# Friday, 27 November 2026, 10:30 in Berlin. Weeks start on Monday, days come before months.
FRIDAY: Final = r"""
Pay rent {every 1st} {at 9} {#Home} {@bills} {p1} | 2026-12-01 09:00 | FREQ=MONTHLY;BYMONTHDAY=1
Call mom {today} | 2026-11-27
Call mom {tonight} | 2026-11-27
Call mom {tomorrow} | 2026-11-28
{Tomorrow} call mom | 2026-11-28
  Call mom {tomorrow} | 2026-11-28
Call {TOMORROW} mom | 2026-11-28
Call mom {tomorrow} {at 5} | 2026-11-28 05:00
Call mom {at 5} {tomorrow} | 2026-11-28 05:00
Call mom {tomorrow} {5pm} | 2026-11-28 17:00
Call mom {tonight} {at 20} | 2026-11-27 20:00
Call mom {tonight} {8pm} | 2026-11-27 20:00
Call mom {today} {at 9} | 2026-11-27 09:00
Pay {by tomorrow} | 2026-11-28
Pay {due tomorrow} | 2026-11-28
Pay {due by tomorrow} | 2026-11-28
Prepare slides {for tomorrow} | 2026-11-28
Diet {starting tomorrow} | 2026-11-28
Turn on {today} | 2026-11-27
Dentist {monday} | 2026-11-30
Dentist {on monday} | 2026-11-30
Dentist {Tuesday} | 2026-12-01
Dentist {wednesday} | 2026-12-02
Dentist {thursday} | 2026-12-03
Dentist {friday} | 2026-12-04
Dentist {saturday} | 2026-11-28
Dentist {sunday} | 2026-11-29
Dentist {by friday} | 2026-12-04
Dentist {due on monday} {14:00} | 2026-11-30 14:00
{Monday} dentist {at 8:15} | 2026-11-30 08:15
Dentist {this friday} | 2026-11-27
Dentist {this monday} | 2026-11-30
Dentist {this sat} afternoon | 2026-11-28
Dentist {next friday} | 2026-12-04
Dentist {next monday} | 2026-11-30
Dentist {next sunday} | 2026-12-06
Dentist {next tue} with Bob | 2026-12-01
Dentist {on next thurs} {9am} | 2026-12-03 09:00
Dentist {on sat} morning | 2026-11-28
Dentist {on weds} please | 2026-12-02
Dentist {mon} | 2026-11-30
Dentist {tue} | 2026-12-01
Dentist {tues} | 2026-12-01
Dentist {Wed} | 2026-12-02
Dentist {THU} | 2026-12-03
Dentist {thur} | 2026-12-03
Dentist {fri} | 2026-12-04
Dentist {sat}. | 2026-11-28 | => Dentist.
Dentist {sun}! | 2026-11-29 | => Dentist!
Dentist {sat} {#home} {p2} | 2026-11-28
Dentist {fri} {5pm} {@health} | 2026-12-04 17:00
Dentist {by tue} | 2026-12-01
Dinner {tomorrow} 5 | 2026-11-28
Dinner {tomorrow} 17 | 2026-11-28
Plan trip {next week} | 2026-11-30
Plan trip {next month} | 2026-12-01
Plan trip {by next week} {at 12} | 2026-11-30 12:00
Plan trip {in 3 days} | 2026-11-30
Plan trip {in 1 day} | 2026-11-28
Plan trip {in a week} | 2026-12-04
Plan trip {in two weeks} | 2026-12-11
Plan trip {in 2 months} | 2027-01-27
Plan trip {in an hour} | 2026-11-27 11:30
Check oven {in 20 minutes} | 2026-11-27 10:50
Check oven {in 45 min} | 2026-11-27 11:15
Check oven {in 14 hours} | 2026-11-28 00:30
Plan trip {in one year} | 2027-11-27
Plan trip {in 3 days} {at 17} | 2026-11-30 17:00
Plan trip {due in 10 days} | 2026-12-07
Buy gifts {dec 24} | 2026-12-24
Buy gifts {Dec 24th} | 2026-12-24
Buy gifts {Dec. 24} | 2026-12-24
Buy gifts {december 24} | 2026-12-24
Buy gifts {24 dec} | 2026-12-24
Buy gifts {24th dec} | 2026-12-24
Buy gifts {24. dec} | 2026-12-24
Buy gifts {24th of December} | 2026-12-24
Buy gifts {on the 24th of december} | 2026-12-24
Buy gifts {the 24th of december} | 2026-12-24
Buy gifts {by 24 December} | 2026-12-24
Buy gifts {dec 24 2027} | 2027-12-24
Buy gifts {Dec 24, 2027} | 2027-12-24
Buy gifts {24 dec 2027} {at 9:30} | 2027-12-24 09:30
Buy gifts {Thu, Dec 24} | 2026-12-24
Buy gifts {on friday, 24 dec 2027} | 2027-12-24
Buy gifts {next thu 24.12.} | 2026-12-24
Buy gifts {24.12.} | 2026-12-24
Buy gifts {24.12.2027} | 2027-12-24
Buy gifts {24.12.27} | 2027-12-24
Buy gifts {on 24.12.} {at 18} | 2026-12-24 18:00
Buy gifts {24/12} | 2026-12-24
Buy gifts {24/12/2027} | 2027-12-24
Buy gifts {24/12/27} | 2027-12-24
Buy gifts {1/2} | 2027-02-01
Buy gifts {2026-12-24} | 2026-12-24
Buy gifts {due 2026-12-24} | 2026-12-24
Buy gifts {2020-01-01} | 2020-01-01
Party {nov 26} | 2027-11-26
Party {nov 27} | 2026-11-27
Party {nov 28} | 2026-11-28
Party {1 jan} | 2027-01-01
Party {jan 31} | 2027-01-31
Party {feb 29} | 2028-02-29
Party {29.2.} | 2028-02-29
Party {29 feb 2028} | 2028-02-29
Party {mar 3} | 2027-03-03
Party {april 1} | 2027-04-01
Party {5 may} | 2027-05-05
Party {jun 6} | 2027-06-06
Party {july 4} | 2027-07-04
Party {aug 8} | 2027-08-08
Party {sept 9} | 2027-09-09
Party {sep 09} | 2027-09-09
Party {oct 31} | 2027-10-31
Lunch {noon} | 2026-11-27 12:00
Lunch {at noon} | 2026-11-27 12:00
Lunch {12 noon} {monday} | 2026-11-30 12:00
Lunch {at 12} | 2026-11-27 12:00
Lunch {12:00} | 2026-11-27 12:00
Lunch {by 1pm} | 2026-11-27 13:00
Lunch {at 13:05} | 2026-11-27 13:05
Lunch {at 10:31} | 2026-11-27 10:31
Lunch {at 10:30} | 2026-11-28 10:30
Lunch {at 10} | 2026-11-28 10:00
Lunch {at 11} | 2026-11-27 11:00
Lunch {at 0} | 2026-11-28 00:00
Lunch {at 09} | 2026-11-28 09:00
Lunch {at 23} | 2026-11-27 23:00
Lunch {at 5 o'clock} | 2026-11-28 05:00
Lunch {at 5 pm} | 2026-11-27 17:00
Lunch {at 5 p.m.} | 2026-11-27 17:00
Lunch {5PM} | 2026-11-27 17:00
Lunch {5:45pm} | 2026-11-27 17:45
Lunch {12pm} | 2026-11-27 12:00
Lunch {12am} | 2026-11-28 00:00
Lunch {7:05 a.m.} | 2026-11-28 07:05
Lunch {0:15} | 2026-11-28 00:15
Lunch {for 7pm} | 2026-11-27 19:00
Water plants {every day} | 2026-11-27 | FREQ=DAILY
Water plants {every day} {at 9} | 2026-11-28 09:00 | FREQ=DAILY
Water plants {every day} {at 11} | 2026-11-27 11:00 | FREQ=DAILY
Water plants {every 3 days} | 2026-11-27 | FREQ=DAILY;INTERVAL=3
Water plants {every three days} | 2026-11-27 | FREQ=DAILY;INTERVAL=3
Water plants {every 3rd day} | 2026-11-27 | FREQ=DAILY;INTERVAL=3
Water plants {every third day} | 2026-11-27 | FREQ=DAILY;INTERVAL=3
Water plants {every other day} | 2026-11-27 | FREQ=DAILY;INTERVAL=2
Water plants {every 1 day} | 2026-11-27 | FREQ=DAILY
Water plants {every! day} | 2026-11-27 | FREQ=DAILY
Water plants {every! 3 days} | 2026-11-27 | FREQ=DAILY;INTERVAL=3
Water plants {Every! 2 Weeks} {at 18:00} | 2026-11-27 18:00 | FREQ=WEEKLY;INTERVAL=2
Water plants {every week} | 2026-11-27 | FREQ=WEEKLY
Water plants {every week} {at 9} | 2026-12-04 09:00 | FREQ=WEEKLY
Water plants {every 2 weeks} | 2026-11-27 | FREQ=WEEKLY;INTERVAL=2
Water plants {every 2 weeks} {at 9} | 2026-12-11 09:00 | FREQ=WEEKLY;INTERVAL=2
Water plants {every 2 weeks} {tomorrow} | 2026-11-28 | FREQ=WEEKLY;INTERVAL=2
Water plants {every 2nd week} | 2026-11-27 | FREQ=WEEKLY;INTERVAL=2
Water plants {every month} | 2026-11-27 | FREQ=MONTHLY
Water plants {every month} {at 9} | 2026-12-27 09:00 | FREQ=MONTHLY
Water plants {every 6 months} {dec 24} | 2026-12-24 | FREQ=MONTHLY;INTERVAL=6
Water plants {every year} | 2026-11-27 | FREQ=YEARLY
Water plants {every 2 years} {starting jan 1} | 2027-01-01 | FREQ=YEARLY;INTERVAL=2
Stand-up {every weekday} | 2026-11-27 | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
Stand-up {every weekday} {at 9:30} | 2026-11-30 09:30 | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
Stand-up {every weekday} {next week} | 2026-11-30 | FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
Gym {every mon and thu} | 2026-11-30 | FREQ=WEEKLY;BYDAY=MO,TH
Gym {every thu and mon} | 2026-11-30 | FREQ=WEEKLY;BYDAY=MO,TH
Gym {every mon, wed and fri} | 2026-11-27 | FREQ=WEEKLY;BYDAY=MO,WE,FR
Gym {every mon, wed, and fri} | 2026-11-27 | FREQ=WEEKLY;BYDAY=MO,WE,FR
Gym {every mon,wed,fri} | 2026-11-27 | FREQ=WEEKLY;BYDAY=MO,WE,FR
Gym {every tue & thu} {at 7} | 2026-12-01 07:00 | FREQ=WEEKLY;BYDAY=TU,TH
Gym {every tue/thu} | 2026-12-01 | FREQ=WEEKLY;BYDAY=TU,TH
Gym {every tuesday and every thursday} | 2026-12-01 | FREQ=WEEKLY;BYDAY=TU,TH
Gym {every sun} with Bob | 2026-11-29 | FREQ=WEEKLY;BYDAY=SU
Gym {every friday} | 2026-11-27 | FREQ=WEEKLY;BYDAY=FR
Gym {every friday} {at 9} | 2026-12-04 09:00 | FREQ=WEEKLY;BYDAY=FR
Gym {every friday} {at 18} | 2026-11-27 18:00 | FREQ=WEEKLY;BYDAY=FR
Gym {every! friday} | 2026-11-27 | FREQ=WEEKLY;BYDAY=FR
Gym {every friday} {starting dec 24} | 2026-12-25 | FREQ=WEEKLY;BYDAY=FR
Gym {every other friday} | 2026-11-27 | FREQ=WEEKLY;INTERVAL=2;BYDAY=FR
Gym {every 2 weeks on mon} | 2026-11-30 | FREQ=WEEKLY;INTERVAL=2;BYDAY=MO
Gym {every 2 weeks on mon and thu} | 2026-11-30 | FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH
Gym {every week on tuesday} | 2026-12-01 | FREQ=WEEKLY;BYDAY=TU
Pay {every 1st} | 2026-12-01 | FREQ=MONTHLY;BYMONTHDAY=1
Pay {every 27th} | 2026-11-27 | FREQ=MONTHLY;BYMONTHDAY=27
Pay {every 27th} {at 9} | 2026-12-27 09:00 | FREQ=MONTHLY;BYMONTHDAY=27
Pay {every 15th of the month} | 2026-12-15 | FREQ=MONTHLY;BYMONTHDAY=15
Pay {every 2nd day of the month} | 2026-12-02 | FREQ=MONTHLY;BYMONTHDAY=2
Pay {every 1st and 15th} | 2026-12-01 | FREQ=MONTHLY;BYMONTHDAY=1,15
Pay {every 15th and the 1st} | 2026-12-01 | FREQ=MONTHLY;BYMONTHDAY=1,15
Pay {every 28th} | 2026-11-28 | FREQ=MONTHLY;BYMONTHDAY=28
Pay {every 29th} | 2026-11-29 | FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1
Pay {every 30th} | 2026-11-30 | FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1
Pay {every 31st} | 2026-11-30 | FREQ=MONTHLY;BYMONTHDAY=-1
Pay {every 15th and 30th} | 2026-11-30 | FREQ=MONTHLY;BYMONTHDAY=15,28,29,30;BYSETPOS=1,-1
Pay {every 15th and 31st} | 2026-11-30 | FREQ=MONTHLY;BYMONTHDAY=15,-1
Pay {every 29th and 30th} | 2026-11-29 | FREQ=MONTHLY;BYMONTHDAY=29,30
Pay {every last day} | 2026-11-30 | FREQ=MONTHLY;BYMONTHDAY=-1
Pay {every last day of the month} | 2026-11-30 | FREQ=MONTHLY;BYMONTHDAY=-1
Pay {every last day of month} | 2026-11-30 | FREQ=MONTHLY;BYMONTHDAY=-1
Pay {every first day of the month} | 2026-12-01 | FREQ=MONTHLY;BYMONTHDAY=1
Pay {every month on the 15th} | 2026-12-15 | FREQ=MONTHLY;BYMONTHDAY=15
Pay {every 3 months on the 15th} | 2026-12-15 | FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15
Pay {every other month on the last friday} | 2026-11-27 | FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR
Team {every last friday} | 2026-11-27 | FREQ=MONTHLY;BYDAY=-1FR
Team {every last friday} {at 9} | 2026-12-25 09:00 | FREQ=MONTHLY;BYDAY=-1FR
Team {every first monday} | 2026-12-07 | FREQ=MONTHLY;BYDAY=1MO
Team {every 2nd tue of the month} | 2026-12-08 | FREQ=MONTHLY;BYDAY=2TU
Team {every third wednesday} | 2026-12-16 | FREQ=MONTHLY;BYDAY=3WE
Team {every 1st and 3rd friday} | 2026-12-04 | FREQ=MONTHLY;BYDAY=1FR,3FR
Team {every first and last friday of every month} | 2026-11-27 | FREQ=MONTHLY;BYDAY=1FR,-1FR
Team {every first monday of january} | 2027-01-04 | FREQ=YEARLY;BYMONTH=1;BYDAY=1MO
Team {every last fri in may} | 2027-05-28 | FREQ=YEARLY;BYMONTH=5;BYDAY=-1FR
Team {every last weekday} | 2026-11-30 | FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1
Team {every first weekday of the month} | 2026-12-01 | FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1
Party {every dec 24} | 2026-12-24 | FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24
Party {every 24th of december} | 2026-12-24 | FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24
Party {every 24.12.} | 2026-12-24 | FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24
Party {every 24/12} {at 18:00} | 2026-12-24 18:00 | FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24
Party {every year on dec 24} | 2026-12-24 | FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24
Party {every 2 years on dec 24} | 2026-12-24 | FREQ=YEARLY;INTERVAL=2;BYMONTH=12;BYMONTHDAY=24
Party {every nov 26} | 2027-11-26 | FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=26
Party {every feb 29} | 2027-02-28 | FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1
Party {every year} {feb 29} | 2028-02-29 | FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1
Party {every month} {jan 31} | 2027-01-31 | FREQ=MONTHLY;BYMONTHDAY=-1
Party {every month} {jan 30} | 2027-01-30 | FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1
Party {every 2 months} {jan 29} | 2027-01-29 | FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=28,29;BYSETPOS=-1
Take pill {every day} until dec 24 | 2026-11-27 | FREQ=DAILY
Call mom {tomorrow}, then dad | 2026-11-28 | => Call mom, then dad
Call mom {tomorrow}. | 2026-11-28 | => Call mom.
Call mom {tomorrow}! | 2026-11-28 | => Call mom!
{Tomorrow}: call mom | 2026-11-28 | => call mom
{Tomorrow} - call mom | 2026-11-28 | => call mom
Call mom - {tomorrow} | 2026-11-28 | => Call mom
Call mom, {tomorrow}, {p1} | 2026-11-28 | => Call mom
Call mom ({tomorrow}) | 2026-11-28 | => Call mom
Call mom ({tomorrow} {at 5}) please | 2026-11-28 05:00 | => Call mom please
Fix foo() {tomorrow} | 2026-11-28 | => Fix foo()
Measure -5 degrees {tomorrow} | 2026-11-28
{Tomorrow} -5 degrees | 2026-11-28
Call  mom   {tomorrow}   now | 2026-11-28 | => Call  mom now
Call mom tomorrow or next week
Vacation dec 24 - dec 26
Vacation from dec 24 to dec 26
Shift 9:00 - 17:00 {tomorrow} | 2026-11-28
Shift from 9:00 to 17:00 {tomorrow} | 2026-11-28
Shift 9:00-17:00 {tomorrow} | 2026-11-28
Finish before friday 5pm
Call after 5pm {tomorrow} | 2026-11-28
Review the monday slides {at 14} | 2026-11-27 14:00
Meet monday and tuesday
Meet monday tuesday
Meet mon wed fri
Meet today, tomorrow
Meet {tomorrow} 9:00, 17:00 | 2026-11-28
Read Monday news {tomorrow} | 2026-11-28
Pay 9:00 invoice {10:45} | 2026-11-27 10:45
"""
