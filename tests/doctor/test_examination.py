"""All checks together: none hides another, none is waited for without end."""

import threading
import time
from pathlib import Path

import pytest
from doctor_kit import Bench

from trello_ops.doctor.examination import CHECKS, Check, examine
from trello_ops.doctor.finding import Finding, Level, Patient
from trello_ops.errors import StoreError


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def well(name: str) -> Check:
    return Check(name, lambda _: Finding(name, Level.FINE, "well"))


def test_what_fails_crashes_or_hangs_is_a_finding_and_the_others_are_told(bench: Bench) -> None:
    hangs = threading.Event()

    def refuse(_: Patient) -> Finding:
        raise StoreError("the disk is full")

    def crash(_: Patient) -> Finding:
        raise ZeroDivisionError("with a secret")

    def hang(_: Patient) -> Finding:
        hangs.wait(60)
        return Finding("hangs", Level.FINE, "late")

    checks = (
        well("first"), Check("hangs", hang, seconds=0.3), Check("refused", refuse), Check("crashed", crash),
        well("last"),
    )  # fmt: skip
    begun = time.monotonic()
    found = examine(bench.patient(), checks)
    assert time.monotonic() - begun < 10
    hangs.set()
    assert [(each.check, each.level, each.message) for each in found] == [
        ("first", Level.FINE, "well"),
        ("hangs", Level.BROKEN, "it took more than 0.3 seconds"),
        ("refused", Level.BROKEN, "the disk is full"),
        ("crashed", Level.BROKEN, "unexpected ZeroDivisionError"),
        ("last", Level.FINE, "well"),
    ]


def test_checks_that_hang_are_waited_for_together(bench: Bench) -> None:
    hangs = threading.Event()
    checks = [
        Check(f"{n}", lambda _: Finding("", Level.FINE, f"{hangs.wait(60)}"), seconds=0.5) for n in range(9)
    ]
    begun = time.monotonic()
    examine(bench.patient(), checks)
    hangs.set()
    assert time.monotonic() - begun < 3


def test_what_needs_a_setting_that_is_wrong_is_not_checked_and_says_so(bench: Bench) -> None:
    patient = bench.patient()
    patient.left_out = {"smtp_url", "web_bind"}
    found = {each.check: each for each in examine(patient)}
    assert len(found) == len(CHECKS)
    assert found["mail"].message == "not checked, for want of TRELLO_OPS_SMTP_URL"
    assert found["web_bind"].level is Level.LOOK
    assert found["token"].message == (
        "not checked, for want of TRELLO_OPS_TRELLO_KEY, TRELLO_OPS_TRELLO_TOKEN"
    )
    assert found["files"].level is Level.FINE


def test_the_worst_level_is_the_exit_code() -> None:
    assert [level.code for level in (Level.FINE, Level.LOOK, Level.BROKEN)] == [0, 1, 2]
