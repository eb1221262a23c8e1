"""Materials: output standards, versions, submit-by dates, review levels and verdicts."""
