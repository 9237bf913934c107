"""trello-ops fleet apply"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from trello_ops.app import App
from trello_ops.cli.apply import put_in_force, settled_plan
from trello_ops.cli.fleet_choice import Chosen, chosen, file_option, page, section, shop_options, told
from trello_ops.cli.fleet_plan import exit_code, lines, plan_all
from trello_ops.cli.language import spoken
from trello_ops.cli.options import PathType, new_store_option
from trello_ops.cli.output import progress
from trello_ops.cli.session import Session, pass_session
from trello_ops.cli.waiting import let_settle
from trello_ops.core.planning.safety import raise_if_unsafe
from trello_ops.errors import PlanChanged, TrelloError
from trello_ops.fleet.tenant import Tenant
from trello_ops.folder_files import limited
from trello_ops.messages import Message, joined, say, say_count
from trello_ops.operations import reconcile

_LARGEST = 500_000_000
"""Bytes of saved plans, far beyond any."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one shop: how much was made, and what went wrong; `tried` where a pass went well."""

    name: str
    made: int = 0
    trouble: tuple[str, ...] = ()
    exit_code: int = 0
    tried: bool = False


@click.command
@click.argument("plan_file", metavar="[PLAN]", required=False, type=PathType(exists=True, dir_okay=False))
@file_option
@shop_options
@click.option(
    "--canary",
    type=click.IntRange(min=1),
    metavar="N",
    help="Of the first N shops with changes, see a pass go well; stop at the first trouble.",
)
@click.option("--force", is_flag=True, help="Also where a plan archives or creates suspiciously much.")
@click.option("--yes", is_flag=True, help="Do not show the plans and ask first.")
@new_store_option
@pass_session
def command(
    session: Session,
    plan_file: Path | None,
    file: Path,
    names: tuple[str, ...],
    labels: tuple[str, ...],
    *,
    canary: int | None,
    force: bool,
    yes: bool,
    new_store: bool,
) -> None:
    """Bring the boards of every shop to what is declared.

    Shop by shop as `trello-ops apply`. Shows the plans first and asks; then it performs these and no other.
    With PLAN, saved by `trello-ops fleet plan --out PLAN`, it does not ask, and performs what is in there. A
    shop that goes wrong stops no other, but with --canary.
    """  # fmt: skip
    approved = _checksums(plan_file) if plan_file else None
    with chosen(session, file, names, labels, new_store=new_store) as choice:
        tenants, failed, asks = choice.tenants, 0, approved is None and not yes
        if asks:
            planned = plan_all(session, choice)
            click.echo(page(lines(planned, choice)))
            failed = exit_code(planned)
            approved = {each.name: each.plan.checksum for each in planned if not each.exit_code}
            if any(each.plan.changes for each in planned):
                click.confirm(spoken(say("Apply this?")), abort=True)
        if approved is not None:
            tenants = tuple(tenant for tenant in tenants if tenant.name in approved)
        outcomes = _Rollout(session, choice, approved or {}, force=force).run(tenants, canary)
        others = () if asks else choice.said_of_others()
        click.echo(page((*_applied(outcomes), *others, "", _summary(outcomes, len(tenants)))))
        code = next((each.exit_code for each in outcomes if each.exit_code), 0)
        click.get_current_context().exit(code or failed or choice.exit_code)


def _checksums(file: Path) -> dict[str, str]:
    """The checksums of saved plans, by shop. Raises `click.BadParameter` when the file holds none."""
    try:
        with file.open("rb") as opened:
            shops = json.loads(limited(opened, _LARGEST))["shops"]
        return {str(name): str(plan["checksum"]) for name, plan in shops.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        message = say(
            "%(file)s holds no plans of a fleet: make them with `trello-ops fleet plan --out %(file)s`.",
            file=file,
        )
        raise click.BadParameter(spoken(message), param_hint="PLAN") from None


@dataclass(frozen=True, slots=True)
class _Rollout:
    """Applies to one shop after another."""

    session: Session
    choice: Chosen
    approved: Mapping[str, str]
    force: bool

    def run(self, tenants: Sequence[Tenant], canary: int | None) -> list[Outcome]:
        """Apply to all; with `canary`, up to the first trouble, and with a pass of so many that change."""
        outcomes, to_try = list[Outcome](), canary or 0
        with progress(say("Applying"), len(tenants)) as step:
            for tenant in tenants:
                step(tenant.name)
                outcome = self._one(tenant, trying=to_try > 0)
                outcomes.append(outcome)
                to_try -= outcome.tried
                if canary and outcome.trouble:
                    break
        return outcomes

    def _one(self, tenant: Tenant, *, trying: bool) -> Outcome:
        try:
            with self.choice.app(tenant) as app:
                outcome = self._apply(app, tenant.name)
                if trying and outcome.made and not outcome.trouble:
                    trouble = self._told(_pass(app))
                    return Outcome(tenant.name, outcome.made, trouble, 1 if trouble else 0, tried=True)
                return outcome
        except Exception as error:  # noqa: BLE001 (whatever it is, it stops no other shop)
            message, code = told(self.session, error)
            return Outcome(tenant.name, 0, (message,), code)

    def _apply(self, app: App, name: str) -> Outcome:
        context, plan = settled_plan(app)
        if self.approved.get(name, plan.checksum) != plan.checksum:
            raise PlanChanged(
                say(
                    "what is due now (checksum %(checksum)s) is not the plan that was shown (%(approved)s);"
                    " look at it again with `trello-ops fleet plan`",
                    checksum=plan.checksum,
                    approved=self.approved[name],
                )
            )
        if not self.force:
            raise_if_unsafe(plan, reconcile.owned_cards(context), context.config.limits)
        put_in_force(app, context)
        applied = reconcile.apply(context, plan)
        failures = [
            Message("%(subject)s: %(message)s", {"subject": subject, "message": message})
            for subject, message in applied.failed.items()
        ]
        code = TrelloError.exit_code if failures else 0
        return Outcome(name, applied.told, self._told(failures), code)

    def _told(self, messages: Sequence[str]) -> tuple[str, ...]:
        return tuple(self.session.redact(spoken(each)) for each in messages)


def _pass(app: App) -> list[str]:
    """Run every job once, as the robot does; what goes wrong with it, problems included."""
    store = app.services.store
    before = {problem.subject for problem in store.problems()}
    errors = [error.message for job in app.jobs() if (error := app.run(job))]
    if let_settle(app.context()):
        errors = [error.message for job in app.jobs() if (error := app.run(job))]
    found = [problem for problem in store.problems() if problem.subject not in before]
    return errors or [
        Message("%(subject)s: %(message)s", {"subject": each.subject, "message": each.message})
        for each in found
    ]


def _applied(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """One line a shop at which anything was made or went wrong."""
    rows = [
        (each.name, "\n".join((spoken(_made(each)), *each.trouble)))
        for each in outcomes
        if each.made or each.trouble
    ]
    return section(say("Applied"), rows)


def _summary(outcomes: Sequence[Outcome], asked: int) -> str:
    """How many shops fared how."""
    well = sum(not each.trouble for each in outcomes)
    bad, left = len(outcomes) - well, asked - len(outcomes)
    counts = {
        say_count("%(count)s shop as declared", "%(count)s shops as declared", well): well,
        say_count("%(count)s with trouble", "%(count)s with trouble", bad): bad,
        say_count("%(count)s left as it was", "%(count)s left as they were", left): left,
    }
    return spoken(joined(text for text, count in counts.items() if count) or say("no shops"))


def _made(each: Outcome) -> str:
    made = say_count("%(count)s change", "%(count)s changes", each.made)
    if each.tried and not each.trouble:
        return say("%(made)s; a pass went well", made=made)
    return made
