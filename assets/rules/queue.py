"""In which order a reviewer sees what waits for them. Pure: on plain values."""

from datetime import date

GRADES = {"block": 0, "warn": 1}


def severity(findings):
    """The worst grade among what the machine found of a version: "block", "warn", or "" without a finding."""
    found = {one.get("severity") for one in findings}
    return next((grade for grade in GRADES if grade in found), "")


def order_of(goes_live, grade, due):
    """A sort key: what goes live first, then the worst findings, then what is due first; unknown days come last."""
    return goes_live or date.max, GRADES.get(grade, len(GRADES)), due or date.max
