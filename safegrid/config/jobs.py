"""What runs by the clock, and how often (seconds)."""

from safegrid.duties.jobs import follow_places, turn_the_day
from safegrid.hazards.jobs import escalate
from safegrid.notices.jobs import follow_journal
from safegrid.people.once import forget
from safegrid.shared import journal
from safegrid.shared.turns import Job

JOBS = [
    Job("seal", 1, journal.seal),
    Job("duties", 2, follow_places),
    Job("notices", 2, follow_journal),
    Job("escalate", 600, escalate),
    Job("duties-day", 3600, turn_the_day),
    Job("forget-answers", 86_400, forget),
]
