"""By which ways people would hear of something."""

from uuid import uuid4

from trello_ops.app import said_in
from trello_ops.channels import mailer_of
from trello_ops.declaration_source import language
from trello_ops.doctor.finding import Finding, Level, Patient
from trello_ops.errors import MailError
from trello_ops.messages import say
from trello_ops.ports import Mail


def mail(patient: Patient) -> Finding:
    """Where reports would go, by the settings alone."""
    settings = patient.settings
    if settings.smtp_url:
        said = say("reports are sent from %(sender)s", sender=settings.mail_from)
        advice = say("`trello-ops doctor --mail ADDRESS` sends a test message.")
        return Finding("mail", Level.FINE, said, advice)
    if settings.mail_dir:
        said = say("reports are written to %(folder)s, and not sent", folder=settings.mail_dir)
        return Finding("mail", Level.FINE, said)
    said = say("no mail server is set: reports are written to the folder `mail`")
    return Finding("mail", Level.LOOK, said, say("Set TRELLO_OPS_SMTP_URL, or TRELLO_OPS_MAIL_DIR."))


def test_mail(patient: Patient) -> Finding:
    """Send a mail, and tell whether it was taken."""
    try:
        mailer_of(patient.settings).send(_test_of(patient), patient.clock.now())
    except MailError as error:
        advice = say("Correct TRELLO_OPS_SMTP_URL, TRELLO_OPS_MAIL_FROM or the address.")
        return Finding("test_mail", Level.BROKEN, error.message, advice)
    said = (
        say("a mail to %(address)s was handed over", address=patient.mail_to)
        if patient.settings.smtp_url
        else say("a mail to %(address)s was written to a file", address=patient.mail_to)
    )
    return Finding("test_mail", Level.FINE, said)


def _test_of(patient: Patient) -> Mail:
    locale = language(patient.settings)
    subject = said_in(say("Test of trello-ops"), locale)
    text = said_in(say("Reports of trello-ops will reach you as this mail did."), locale)
    return Mail(
        patient.mail_to, subject, f"{text}\n", f"<p>{text}</p>", f"<doctor.{uuid4().hex}@trello-ops.invalid>"
    )


def heartbeat(patient: Patient) -> Finding:
    """Whether somebody would notice that the machine stands still."""
    # Not asked: whoever counts pings would take it for a pass that went well.
    if patient.settings.heartbeat_url:
        return Finding("heartbeat", Level.FINE, say("an address is pinged after each pass"))
    said = say("not set: nobody is told when this machine stands still")
    return Finding("heartbeat", Level.FINE, said, say("TRELLO_OPS_HEARTBEAT_URL names who raises the alarm."))
