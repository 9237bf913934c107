"""The sample shop's texts in English, for the pictures of an English report."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from trello_ops.core.reporting.notice import Notice
from trello_ops.core.reporting.report import Group, Report, ReportedOccurrence

Titled = TypeVar("Titled", Group, Notice, ReportedOccurrence)

_ENGLISH = {
    "Suivi quotidien": "Every day",
    "Suivi hebdomadaire": "Every week",
    "Suivi mensuel": "Every month",
    "Opérationnel": "Operations",
    "Service client": "Customer service",
    "Expérience utilisateur": "User experience",
    "Collecte de données": "Data",
    "Planification": "Planning",
    "Analyse": "Analysis",
    "Suivre l’actualité du secteur cosmétique": "Follow the news of the cosmetics trade",
    "Suivre ce qui se dit de Zina ô Beldi": "Follow what is said of Zina ô Beldi",
    "Noter les idées et les problèmes du site": "Note ideas for the site, and its problems",
    "Préparer et envoyer les colis": "Pack and send the parcels",
    "Répondre aux e-mails du service client": "Answer the customers’ e-mails",
    "Publier sur les réseaux sociaux": "Post on social networks",
    "Répondre aux commentaires sur les réseaux sociaux": "Answer the comments on social networks",
    "Suivre les expéditions en cours": "Follow the parcels under way",
    "Traiter les retours et les échanges": "Deal with returns and exchanges",
    "Réapprovisionner et ranger le stock": "Restock and tidy the storeroom",
    "Tenir la comptabilité": "Keep the books",
    "Suivre les parrainages et les actions de fidélité": "Follow referrals and loyalty offers",
    "Tester le paiement": "Test the checkout",
    "Tester les filtres des produits": "Test the product filters",
    "Tester les liens du site": "Test the links of the site",
    "Analyser les ventes de la semaine": "Analyse the week’s sales",
    "Analyser l’effet des actions marketing": "Analyse what the campaigns did",
    "Établir les prévisions de ventes": "Forecast the sales",
    "Demander des avis sur le site pour l’améliorer": "Ask customers how the site could be better",
    "Mettre à jour la base de la newsletter": "Bring the newsletter’s base up to date",
    "Planifier les ventes du mois prochain": "Plan next month’s sales",
    "Inventaire": "Stocktaking",
    "Matinée au comptoir": "Morning at the counter",
}
_REASONS = {"Fête de l'indépendance": "Independence Day"}


def in_english(report: Report) -> Report:
    """The same report as an English team would get it."""
    lists = {name: _all(getattr(report, name)) for name in ("needs_you", "chronic", "rare", "doubtful")}
    return replace(
        report,
        **lists,
        locale="en",
        boards=_all(report.boards),
        themes=_all(report.themes),
        occurrences=tuple(map(_because, _all(report.occurrences))),
        caught_up=_all(report.caught_up),
        next_week=_all(report.next_week),
    )


def _all(things: Sequence[Titled]) -> tuple[Titled, ...]:
    return tuple(replace(each, title=_ENGLISH.get(each.title, each.title)) for each in things)


def _because(line: ReportedOccurrence) -> ReportedOccurrence:
    note = line.note
    for french, english in _REASONS.items():
        note = note.replace(french, english)
    return replace(line, note=note)
