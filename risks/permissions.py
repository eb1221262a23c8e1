"""Who may do what with risks, playbooks and incidents."""

from campaigns.permissions import can_comment, can_plan, commenter
from core.policy import Policy, manager, member, planner

AREA = "risks"


def can_keep_risk(actor, thing):
    """The register belongs to the plan: whoever plans the campaign keeps it."""
    return can_plan(actor, thing, AREA)


def can_care_for(actor, risk):
    """Move a risk and say when it was reviewed: whoever plans, its owner and its deputy."""
    return can_plan(actor, risk) or (can_comment(actor, risk) and actor.user_id in (risk.owner_id, risk.deputy_id))


def can_keep_library(actor):
    """The playbooks of the workspace are its managers'; a key that is limited to some campaigns keeps none."""
    return manager(actor) and not actor.is_limited


def can_keep_playbook(actor, playbook):
    """A campaign's own playbook belongs to its plan, the others to the library."""
    if playbook.workspace_id != actor.workspace_id:
        return False
    return can_plan(actor, playbook) if playbook.campaign_id else can_keep_library(actor)


def can_respond(actor, thing):
    """Start a playbook, finish steps, write the timeline, change the level: everybody in the campaign but viewers."""
    return can_comment(actor, thing, AREA)


def can_lead(actor, incident):
    """Close an incident and write its post-mortem: whoever plans, and who leads it."""
    return can_plan(actor, incident) or (can_comment(actor, incident) and actor.user_id == incident.owner_id)


READ = Policy(reads=member, area=AREA)
PLAN = Policy(reads=member, writes=planner, area=AREA)
EDIT = Policy(reads=planner, writes=planner, area=AREA)
RESPOND = Policy(reads=member, writes=commenter, area=AREA)
START = Policy(reads=commenter, writes=commenter, area=AREA)

PAGES = {
    READ: "list detail playbooks playbook campaign-playbooks incidents campaign-incidents incident banner banners",
    PLAN: "archive restore playbook-archive playbook-restore playbook-adopt playbooks-load step-remove step-move",
    EDIT: "create edit import playbook-create playbook-edit step-add step-edit campaign-playbook-create",
    RESPOND: "move reviewed step-done step-reopen step-skip step-hand-over note level pause resume incident-move "
    "post-mortem",
    START: "start",
}
REST = {
    PLAN: {
        "risks": "list detail archive restore",
        "risk-imports": "list",
        "playbooks": "list detail archive restore adopt load-defaults",
        "playbook-steps": "list detail move",
    },
    RESPOND: {
        "risks": "transitions reviewed",
        "incidents": "list detail transitions level pause resume post-mortem",
        "incident-steps": "list detail done reopen skip hand-over",
        "incident-entries": "list detail",
    },
}
POLICY = {f"risks:{name}": policy for policy, names in PAGES.items() for name in names.split()} | {
    f"api:{noun}-{verb}": policy
    for policy, nouns in REST.items()
    for noun, verbs in nouns.items()
    for verb in verbs.split()
}
