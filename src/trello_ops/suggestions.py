"""What somebody may have meant by a word that is not known: a word of ours, or the one spelt nearest."""

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from typing import Final

_SAID: Final = {
    # names of fields
    "title": "titre, intitule, libelle, nom, name",
    "name": "nom, prenom, title, titre",
    "key": "cle, identifiant, id",
    "due": "echeance, deadline, limite, date limite, heure limite, avant",
    "release": "parution, apparition, publication",
    "on": "jour, jours, day, days, quand, when, le",
    "cadence": "rythme, frequence, frequency, periodicite, recurrence",
    "assign": "assigne, assignee, assignees, assigned, assigner, attribue, responsable, responsables, "
    "personne, personnes, qui, who, owner, membre, membres",
    "theme": "categorie, category, etiquette, label",
    "themes": "categories, etiquettes, labels",
    "people": "personnes, equipe, team, membres, members",
    "template": "modele, gabarit",
    "description": "remarque, note, notes, commentaire",
    "start": "debut, depuis, from",
    "until": "jusqu au, jusqu a, jusque, fin, end, to",
    "month": "mois, monthly, mensuel, chaque mois, every month",
    "anchor": "ancre, semaine de reference, depuis la semaine",
    "except": "sauf, hormis, hors, exception, exceptions, exclure, without, but, skip",
    "on_day_off": "jour ferie, si ferie, si jour ferie, jour chome, on holiday, on holidays",
    "working_days": "jours ouvres, jours ouvrables, jours travailles, workdays, business days, jours "
    "de travail",
    "holidays": "jours feries, feries, ferie, fetes, conges feries, public holidays, bank holidays",
    "slots": "creneaux, creneau, plages, plage horaire, plages horaires",
    "slot": "creneau, plage, plage horaire",
    "duration": "duree, temps, temps prevu, length",
    "times": "heures, horaires, a quelles heures, plusieurs fois par jour, hours",
    "day": "jour",
    "closures": "fermetures, fermeture, conges, vacances, closure, closed",
    "pauses": "pause, suspension, suspensions, interruption",
    "covers": "couvre, contient, inclut, contains, includes",
    "reason": "raison, motif, pourquoi, why",
    "from": "du, de, debut, start, depuis, des le, since",
    "to": "au, a, fin, end, until, jusqu au, destinataire, destinataires, pour, recipients, email, "
    "emails, mail, jusqu'au",
    "country": "pays",
    "subdivision": "region, departement, etat, province, state, canton",
    "categories": "genres, kinds",
    "biweekly": "quinzaine, fortnight, two weeks, deux semaines",
    "quarterly": "trimestre, quarter",
    "half_yearly": "semestre, half year",
    "yearly": "an, annee, year",
    "once": "unique, one time, single",
    "skip": "sauter, passer, annuler, ignorer, ignore",
    "previous": "precedent, avant, veille, before, earlier",
    "next": "suivant, apres, lendemain, after, later",
    "timezone": "fuseau, fuseau horaire, time zone, tz, zone",
    "catch_up": "rattrapage, catchup",
    "complete_when": "fait quand, done when, termine quand",
    "requires": "justificatif, justificatifs, preuve, preuves, proof, exige, require",
    "lists": "listes, colonnes, columns",
    "housekeeping": "rangement, menage",
    "tasks": "taches, tache, task, duties",
    "trello": "compte, utilisateur, username, pseudo",
    "trello_workspace": "espace de travail, espace, workspace",
    "colour": "couleur, color",
    "locale": "langue, language, lang",
    "report": "rapport, compte rendu",
    "target": "cible, objectif, but, goal, seuil, threshold",
    "boards": "tableaux, tableau, par tableau, board, by board",
    "attach": "joindre, joint, pieces jointes, piece jointe, attachment, attachments, attached",
    "forecast": "prevision, previsions, semaine a venir, coming week, outlook",
    "closes": "cloture, ferme, close",
    "time": "heure",
    "offset_days": "decalage, jours, days",
    "language": "langue, lang, locale",
    "email": "courriel, mail, e mail, adresse",
    "absences": "absence, absent, conges, conge, vacances, holidays, leave",
    "stand_in": "remplacant, remplacante, suppleant, suppleante, replacement, substitute, deputy, backup",
    "rotate": "rotation, roulement, tour, tours, tour de role, a tour de role, round, turns",
    "by": "par",
    "since": "depuis, from, start, debut, a partir du",
    "when_absent": "absence, absent, en cas d'absence, si absent, if absent",
    "remind": "rappel, rappels, rappeler, reminder, reminders",
    "when_open": "si ouverte, encore ouverte, when undone, former",
    "nag": "relance, relances, relancer, nags, nagging",
    "after": "apres, delai, delay",
    "every": "chaque, intervalle, interval, puis",
    "most": "max, maximum, au plus, times",
    "shops": "boutiques, magasins, boutique, magasin, shop, stores",
    "folder": "dossier, repertoire, chemin, path, directory",
    "token": "jeton, jetons, tokens",
    "templates_from": "modeles, gabarits, templates",
    "labels": "etiquettes, groupes, groups, tags",
    "defaults": "defaut, par defaut, default, all",
    # values
    "daily": "quotidien, quotidienne, journalier, tous les jours, chaque jour, every day, jour, day",
    "weekly": "hebdo, hebdomadaire, toutes les semaines, chaque semaine, every week, semaine, week",
    "monthly": "mensuel, mensuelle, tous les mois, chaque mois, every month, mois, month",
    "last": "dernier, dernier jour, fin de mois, fin du mois, last day, end of month",
    "latest": "dernier, derniere, last",
    "all": "tous, toutes, tout",
    "none": "aucun, aucune, rien",
    "nobody": "personne, aucun, aucune, none, no one, noone",
    "nothing": "rien, aucune, aucun, none",
    "never": "jamais, non, no, false, off, aucun, aucune",
    "occurrence": "fois, chaque fois, time, each time, carte, card",
    "week": "weekly, hebdo, chaque semaine, every week",
    "flag": "signaler, montrer",
    "excuse": "excuser, excused",
    "keep": "garder, conserver, laisser",
    "archive": "archiver",
    "ticked": "coche, cochee, fait, termine, terminee, done, checked, complete",
    "in_done_list": "liste termine, liste done, done list",
    "archived": "archive, archivee",
    "checklist": "liste, cases",
    "attachment": "piece jointe, pieces jointes, photo, fichier, image, file, picture",
    "comment": "commentaire",
    "xlsx": "excel, xls, classeur, tableur, workbook, spreadsheet",
    "fr": "francais, french, fr_fr, fr_ma",
    "en": "anglais, english, en_us, en_gb",
    "yellow": "jaune",
    "purple": "violet, mauve",
    "blue": "bleu",
    "red": "rouge",
    "green": "vert",
    "black": "noir",
    "sky": "ciel, bleu ciel, bleu clair",
    "pink": "rose",
    "lime": "citron vert, vert clair",
}
"""Our words, and what people say for them, without accents."""


_MOST_COMPARED = 700
"""Known words beyond which none is compared letter by letter: that would take seconds."""


@lru_cache(maxsize=10_000)
def folded(word: str) -> str:
    """The word without case, accents, and the signs that stand between its parts."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return " ".join(bare.casefold().replace("_", " ").replace("-", " ").split())


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word that was meant, as it seems; `None` rather than one that may lead astray."""
    said = folded(word)
    for name in known:
        if said == folded(name) or said in _OURS.get(name, ()):
            return name
    if len(known) > _MOST_COMPARED:
        return None
    # About one letter in four: `weekdays` is no misspelt `wednesday`.
    most = min((len(said) + 2) // 4, 3)
    near = ((_distance(said, folded(name), most), name) for name in known)
    spelt = next((name for _, name in sorted(found for found in near if found[0] <= most)), None)
    return spelt or _shortened(word, known)


def _shortened(word: str, known: Collection[str]) -> str | None:
    """The only known word that this one begins, as `warn` does `warning`, or that begins this one."""
    # Three letters begin too many words.
    if len(word) <= 3 or not re.fullmatch(r"[\w-]+", word):
        return None
    said = folded(word)
    found = [n for n in known if folded(n).startswith(said) or f"{said} ".startswith(f"{folded(n)} ")]
    return found[0] if len(found) == 1 else None


def _distance(one: str, other: str, most: int) -> int:
    """Letters to add, drop, change or swap with their neighbour; just more than `most` if it is that far."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted)))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                row[j] = min(row[j], last[j - 2] + 1)
    return row[-1]


_OURS = {ours: frozenset(folded(word) for word in said.split(",")) for ours, said in _SAID.items()}
