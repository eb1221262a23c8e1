"""Triggers that keep sealed events and their lines as they are, in the words of each database.

Only `undone_at` of a line may still change. Whoever owns the tables can lift the guard, which is why there is a chain.
"""

from contextlib import contextmanager

from django.db import connection, transaction

SENTENCE = "a sealed event of the logbook stays as it is"
LINE = ("id", "at", "event_id", "workspace_id", "campaign_id", "user_id", "user_name", "verb", "subject_type")
LINE += ("subject_id", "subject_label", "changes", "inverse")
SEALED = "(SELECT sequence FROM core_auditevent WHERE id = {}.event_id) IS NOT NULL"
REFUSE = f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
SQLITE = {
    "sealed_event_changed": f"BEFORE UPDATE ON core_auditevent WHEN OLD.sequence IS NOT NULL {REFUSE}",
    "sealed_event_removed": f"BEFORE DELETE ON core_auditevent WHEN OLD.sequence IS NOT NULL {REFUSE}",
    "sealed_line_added": f"BEFORE INSERT ON core_activity WHEN {SEALED.format('NEW')} {REFUSE}",
    "sealed_line_changed": f"BEFORE UPDATE OF {', '.join(LINE)} ON core_activity "
    f"WHEN {SEALED.format('OLD')} OR {SEALED.format('NEW')} {REFUSE}",
    "sealed_line_removed": f"BEFORE DELETE ON core_activity WHEN {SEALED.format('OLD')} {REFUSE}",
}
RAISE = f"RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'"
# The key share lock waits for a sealer that is reading the event's lines; the sealer passes over events so locked.
FUNCTIONS = {
    "core_sealed": f"BEGIN {RAISE}; END",
    "core_sealed_any": "BEGIN IF EXISTS (SELECT 1 FROM core_auditevent WHERE sequence IS NOT NULL) "
    f"THEN {RAISE}; END IF; RETURN NULL; END",
    "core_sealed_line": "DECLARE number bigint; one uuid; BEGIN "
    "FOREACH one IN ARRAY (CASE TG_OP WHEN 'INSERT' THEN ARRAY[NEW.event_id] WHEN 'DELETE' THEN ARRAY[OLD.event_id] "
    "ELSE ARRAY[OLD.event_id, NEW.event_id] END) LOOP "
    "SELECT sequence INTO number FROM core_auditevent WHERE id = one FOR KEY SHARE; "
    f"IF number IS NOT NULL THEN {RAISE}; END IF; END LOOP; "
    "RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END; END",
}
SEALED_EVENT = "FOR EACH ROW WHEN (OLD.sequence IS NOT NULL) EXECUTE FUNCTION core_sealed()"
SEALED_LINE = "EXECUTE FUNCTION core_sealed_line()"
OTHER = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in LINE)
POSTGRESQL = {
    "sealed_event_changed": f"BEFORE UPDATE ON core_auditevent {SEALED_EVENT}",
    "sealed_event_removed": f"BEFORE DELETE ON core_auditevent {SEALED_EVENT}",
    "sealed_line_added": f"BEFORE INSERT ON core_activity FOR EACH ROW {SEALED_LINE}",
    "sealed_line_changed": f"BEFORE UPDATE ON core_activity FOR EACH ROW WHEN ({OTHER}) {SEALED_LINE}",
    "sealed_line_removed": f"BEFORE DELETE ON core_activity FOR EACH ROW {SEALED_LINE}",
    "sealed_event_emptied": "BEFORE TRUNCATE ON core_auditevent EXECUTE FUNCTION core_sealed_any()",
    "sealed_line_emptied": "BEFORE TRUNCATE ON core_activity EXECUTE FUNCTION core_sealed_any()",
}
TRIGGERS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def stand(*_migration):
    """Set the triggers up."""
    with connection.cursor() as cursor:
        for name, body in FUNCTIONS.items() if connection.vendor == "postgresql" else ():
            cursor.execute(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
        for name, body in TRIGGERS[connection.vendor].items():
            cursor.execute(f"CREATE TRIGGER {name} {body}")


def lift(*_migration):
    """Take the triggers away."""
    if connection.vendor == "postgresql":  # checks that wait for the commit would hold the tables
        connection.check_constraints()
    on = " ON {}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in TRIGGERS[connection.vendor]:
            table = "core_auditevent" if "event" in name else "core_activity"
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on.format(table)}")


@contextmanager
def lifted():
    """One transaction without the triggers; they stand again when it ends, and nobody else can write meanwhile."""
    with transaction.atomic():
        lift()
        yield
        stand()
