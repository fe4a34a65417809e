"""What runs by the clock, and how often (seconds)."""

from safegrid.duties.jobs import follow_places
from safegrid.hazards.jobs import escalate
from safegrid.notices.jobs import follow_journal
from safegrid.shared import journal
from safegrid.shared.turns import Job

JOBS = [
    Job("seal", 1, journal.seal),
    Job("duties", 2, follow_places),
    Job("notices", 2, follow_journal),
    Job("escalate", 600, escalate),
]
