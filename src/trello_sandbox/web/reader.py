"""What a page is written in: French, or English where the browser prefers it; dates, times and numbers."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from trello_sandbox.state.records import Label

_NBSP = "\u00a0"
_NARROW = "\u202f"
_WEEKDAYS = {
    "fr": ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."],
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
}
_MONTHS = {
    "fr": ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}

_WORDS: Mapping[str, tuple[str, str]] = {
    # the frame of every page
    "sandbox": ("Trello local", "Local Trello"),
    "skip": ("Aller au contenu", "Skip to content"),
    "workspace": ("Espace de travail", "Workspace"),
    "i_am": ("Je suis", "I am"),
    "change": ("Changer", "Change"),
    "robot": ("robot", "robot"),
    "nothing_leaves": (
        "Ceci est un Trello d’essai, sur cet ordinateur. Rien n’est envoyé à trello.com.",
        "This is a Trello to rehearse in, on this computer. Nothing is sent to trello.com.",
    ),
    "it_is": ("Il est {now}, à son horloge ({zone}).", "By its clock it is {now} ({zone})."),
    # home
    "boards": ("Tableaux", "Boards"),
    "cards": ("{n} carte|{n} cartes", "{n} card|{n} cards"),
    "late_cards": ("{n} en retard|{n} en retard", "{n} overdue|{n} overdue"),
    "no_boards": ("Il n’y a pas encore de tableau que vous puissiez voir.", "No board that you may see yet."),
    # a board
    "lists": ("Listes", "Lists"),
    "no_lists": ("Ce tableau n’a pas de liste.", "This board has no lists."),
    "no_cards": ("Aucune carte", "No cards"),
    "see_all": ("Voir tout ({n})", "See all ({n})"),
    "templates": ("{n} carte modèle|{n} cartes modèles", "{n} template card|{n} template cards"),
    "archived_cards": ("{n} carte archivée|{n} cartes archivées", "{n} archived card|{n} archived cards"),
    "members": ("Membres", "Members"),
    "template": ("Modèle", "Template"),
    "comments": ("{n} commentaire|{n} commentaires", "{n} comment|{n} comments"),
    "items_done": ("Éléments cochés\u00a0: {done} sur {all}", "Items ticked: {done} of {all}"),
    "tick": ("Marquer {title} comme terminée", "Mark {title} complete"),
    "untick": ("Rouvrir {title}", "Reopen {title}"),
    # how a card stands
    "due_done": ("Fait", "Done"),
    "due_late": ("En retard", "Overdue"),
    "due_soon": ("Bientôt", "Due soon"),
    "due_later": ("Échéance", "Due"),
    # a card
    "in_list": ("Dans la liste", "In list"),
    "is_archived": ("Cette carte est archivée.", "This card is archived."),
    "list_archived": ("Sa liste est archivée.", "Its list is archived."),
    "is_template": (
        "Carte modèle\u00a0: les nouvelles cartes reprennent ses listes de contrôle.",
        "Template card: new cards copy its checklists.",
    ),
    "complete": ("Terminée", "Complete"),
    "open": ("À faire", "To do"),
    "mark_complete": ("Marquer comme terminée", "Mark complete"),
    "reopen": ("Rouvrir", "Reopen"),
    "labels": ("Étiquettes", "Labels"),
    "dates": ("Dates", "Dates"),
    "due_start": ("Début", "Start"),
    "description": ("Description", "Description"),
    "attachments": ("Liens", "Links"),
    "activity": ("Commentaires et activité", "Comments and activity"),
    "write_comment": ("Écrire un commentaire", "Write a comment"),
    "comment": ("Commenter", "Comment"),
    "move_to": ("Déplacer vers", "Move to"),
    "move": ("Déplacer", "Move"),
    "archive": ("Archiver", "Archive"),
    "unarchive": ("Sortir des archives", "Take out of the archive"),
    "put_label": ("Mettre une étiquette", "Put on a label"),
    "take_label": ("Retirer l’étiquette {name}", "Take off the label {name}"),
    "see_older": ("Voir toute l’activité ({n})", "See all activity ({n})"),
    # activity
    "did_create": ("a créé la carte dans {list}", "created the card in {list}"),
    "did_copy": ("a créé la carte d’après {card}", "made the card from {card}"),
    "did_move": ("a déplacé la carte de {before} à {after}", "moved the card from {before} to {after}"),
    "did_tick": ("a marqué la carte comme terminée", "marked the card complete"),
    "did_untick": ("a rouvert la carte", "reopened the card"),
    "did_archive": ("a archivé la carte", "archived the card"),
    "did_unarchive": ("a sorti la carte des archives", "took the card out of the archive"),
    "did_due": ("a fixé l’échéance\u00a0: {date}", "set the due date: {date}"),
    "did_no_due": ("a retiré l’échéance", "removed the due date"),
    "did_rename": ("a renommé la carte, avant {name}", "renamed the card, before {name}"),
    "did_describe": ("a modifié la description", "edited the description"),
    "did_edit": ("a modifié la carte", "edited the card"),
    "did_join": ("a rejoint la carte", "joined the card"),
    "did_add_member": ("a ajouté {name}", "added {name}"),
    "did_leave": ("a quitté la carte", "left the card"),
    "did_remove_member": ("a retiré {name}", "removed {name}"),
    "did_add_checklist": ("a ajouté la liste de contrôle {name}", "added the checklist {name}"),
    "did_remove_checklist": ("a supprimé la liste de contrôle {name}", "removed the checklist {name}"),
    "did_tick_item": ("a coché {item}", "ticked {item}"),
    "did_untick_item": ("a décoché {item}", "unticked {item}"),
    "did_attach": ("a joint {name}", "attached {name}"),
    "did_change_board": ("a déplacé la carte depuis le tableau {board}", "moved the card from board {board}"),
    "did_comment": ("a commenté", "commented"),
    # what goes wrong
    "back_home": ("Retour aux tableaux", "Back to the boards"),
    "wrong_401": ("{name} n’a pas accès à cela.", "{name} has no access to this."),
    "help_401": (
        "Ce tableau est privé. Choisissez en haut de la page un de ses membres.",
        "The board is private. Choose one of its members at the top of the page.",
    ),
    "wrong_404": ("Cela n’existe pas ici.", "There is no such thing here."),
    "help_404": (
        "Le tableau ou la carte a peut-être été supprimé, ou l’adresse est incomplète.",
        "The board or card may have been deleted, or the address is not complete.",
    ),
    "wrong_other": ("Trello refuserait cela.", "Trello would refuse this."),
    "help_other": (
        "Il répondrait le texte ci-dessous. Revenez à la page d’avant et réessayez.",
        "It would answer the text below. Go back and try again.",
    ),
    "wrong_refused": ("Cette demande est refusée.", "This request is refused."),
    "not_this_machine": (
        "Ces pages ne répondent qu’à cet ordinateur, à l’adresse http://127.0.0.1.",
        "These pages answer this computer only, at http://127.0.0.1.",
    ),
    "not_from_here": (
        "Le formulaire ne vient pas d’une de ces pages. Ouvrez la carte ici et recommencez.",
        "The form was not sent from one of these pages. Open the card here and do it again.",
    ),
    "too_long": ("Le formulaire envoyé est trop long.", "The form that was sent is too long."),
    # days and colours
    "yesterday": ("hier", "yesterday"),
    "today": ("aujourd’hui", "today"),
    "tomorrow": ("demain", "tomorrow"),
    "yellow": ("jaune", "yellow"),
    "purple": ("violet", "purple"),
    "blue": ("bleu", "blue"),
    "red": ("rouge", "red"),
    "green": ("vert", "green"),
    "orange": ("orange", "orange"),
    "black": ("noir", "black"),
    "sky": ("bleu ciel", "sky"),
    "pink": ("rose", "pink"),
    "lime": ("citron vert", "lime"),
    "colourless": ("sans couleur", "no colour"),
}
_DAYS = {-1: "yesterday", 0: "today", 1: "tomorrow"}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a page: in `fr` or `en`, in their time zone (None: this machine's), at the sandbox's time."""

    language: str
    zone: dt.tzinfo | None
    now: dt.datetime

    def say(self, key: str, **values: str) -> str:
        """The words under `key`, with the `values` filled in."""
        return _WORDS[key][self.language == "en"].format(**values)

    def count(self, key: str, number: int) -> str:
        """`{n}` of something, in the singular or plural. In French 0 is singular."""
        one, _, many = _WORDS[key][self.language == "en"].partition("|")
        singular = number == 1 or (number == 0 and self.language == "fr")
        return (one if singular else many).format(n=self.number(number))

    def number(self, number: int) -> str:
        """A whole number with its thousands separated."""
        return f"{number:,}".replace(",", _NARROW) if self.language == "fr" else f"{number:,}"

    def label(self, label: Label) -> str:
        """A label's name, or that of its colour: not everybody tells colours apart."""
        return label.name or self.say((label.color or "colourless").partition("_")[0])

    def quoted(self, text: str) -> str:
        """A text in quotation marks."""
        return f"«{_NBSP}{text}{_NBSP}»" if self.language == "fr" else f"“{text}”"

    def moment_of(self, text: str) -> str:
        """A moment that is written as Trello does."""
        return self.moment(dt.datetime.fromisoformat(text))

    def moment(self, instant: dt.datetime) -> str:
        """Day and time, as short as is clear: `hier 16:00`, `ven. 20 nov. 18:00`, the year if another."""
        local, today = instant.astimezone(self.zone), self.now.astimezone(self.zone).date()
        near = _DAYS.get((local.date() - today).days)
        day = self.say(near) if near else self._date(local.date(), today)
        return f"{day} {local:%H:%M}"

    @property
    def clock(self) -> str:
        """The sandbox's time, with its date."""
        local = self.now.astimezone(self.zone)
        return f"{self._date(local.date(), dt.date.min)} {local:%H:%M}"

    def _date(self, day: dt.date, today: dt.date) -> str:
        parts = (_WEEKDAYS[self.language][day.weekday()], str(day.day), _MONTHS[self.language][day.month - 1])
        return _NBSP.join(parts if day.year == today.year else (*parts, str(day.year)))

    @property
    def zone_name(self) -> str:
        """The zone of all times shown, as its present distance from UTC."""
        offset = self.now.astimezone(self.zone).strftime("%z")
        return f"UTC{offset[:3]}:{offset[3:5]}"


def preferred_language(accept: str) -> str:
    """`en` where `Accept-Language` prefers English to French, else `fr`."""
    ranked = sorted(map(_language_and_weight, accept.split(",")), key=lambda each: -each[1])
    known = (tag for tag, weight in ranked if tag in ("fr", "en") and weight > 0)
    return next(known, "fr")


def _language_and_weight(each: str) -> tuple[str, float]:
    """A language without its region, and how much it is preferred; "" for what cannot be read."""
    tag, _, rest = each.strip().partition(";")
    weight = rest.strip().removeprefix("q=")
    try:
        return tag.lower().partition("-")[0], float(weight) if weight else 1.0
    except ValueError:
        return "", 0.0
