"""What real workers leave behind in the tables."""

import pytest

from core import guards
from core.models import Activity, AuditEvent


@pytest.fixture(autouse=True)
def unsealed(transactional_db):
    """Workers that live for a minute seal the logbook, and tables with sealed events are not emptied at the end."""
    yield
    with guards.lifted():
        Activity._base_manager.all().delete()
        AuditEvent._base_manager.all().delete()
