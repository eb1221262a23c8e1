"""The tables of risk: the register, playbooks, incidents."""

from risks.models.incident import Incident, IncidentEntry, IncidentStep
from risks.models.playbook import Playbook, PlaybookStep
from risks.models.risk import Risk
from risks.models.team import team_of

__all__ = ["Incident", "IncidentEntry", "IncidentStep", "Playbook", "PlaybookStep", "Risk", "team_of"]
