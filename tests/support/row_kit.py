"""Workbooks as merchants save them."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl

HEADINGS = ("Date", "Produit", "Vue", "Fichier")


def save(path: Path, *rows: Sequence[object], sheet: str = "Vues", others: Sequence[str] = ()) -> None:
    """A workbook of one filled sheet, with empty ones behind it; the first row holds the headings."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = sheet
    for row in rows:
        book.active.append(list(row))
    for name in others:
        book.create_sheet(name)
    book.save(path)


def save_csv(path: Path, *rows: Sequence[object], encoding: str = "utf-8-sig", delimiter: str = ";") -> None:
    """A CSV file as French Excel writes it."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
