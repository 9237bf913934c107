"""`draft` on the command line: what it writes, what it says, and that it overwrites nothing."""

from pathlib import Path

LIST = (
    "# Ménage\n## Chaque semaine\n- Laver la vitrine (lundi) @amal\n  - Dedans\n  - Dehors\n- Balayer @zoe\n"
)


def test_a_draft_says_what_to_add_and_validates_once_it_is_added(folder: Path, invoke) -> None:
    (folder / "liste.md").write_text(LIST, "utf-8")
    found = invoke("draft", "liste.md", "--out", "boards/menage.yaml")
    assert found.exit_code == 0, found.output
    assert "2 tasks were drafted" in found.output
    assert "add to workspace.yaml" in found.output
    board = (folder / "boards" / "menage.yaml").read_text("utf-8")
    assert "# Add to workspace.yaml" in board
    added = [line[2:] for line in board.splitlines() if line.startswith("#   ")]
    workspace = folder / "boards" / "workspace.yaml"
    text = workspace.read_text("utf-8")
    themes = next(n for n, line in enumerate(added) if "colour" in line) - 2
    text = text.replace("themes:\n", "\n".join([*added[:themes], "themes:", *added[themes:], ""]))
    workspace.write_text(text, "utf-8")
    checked = invoke("validate")
    assert checked.exit_code == 0, checked.output


def test_nothing_is_overwritten(folder: Path, invoke) -> None:
    (folder / "liste.md").write_text(LIST, "utf-8")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert invoke("draft", "liste.md", "--out", "boards/daily.yaml").exit_code == 2
    (folder / "templates" / "cards" / "new.md").write_text("mine")
    assert invoke("draft", "liste.md", "--out", "boards/new.yaml").exit_code == 2
    assert not (folder / "boards" / "new.yaml").exists()
    assert {path: path.read_bytes() for path in before} == before


def test_an_empty_folder_gets_a_workspace_too(folder: Path, invoke) -> None:
    for path in (folder / "boards").iterdir():
        path.unlink()
    (folder / "liste.md").write_text(LIST, "utf-8")
    assert invoke("draft", "liste.md", "--out", "boards/menage.yaml").exit_code == 0
    checked = invoke("validate")
    assert checked.exit_code == 0, checked.output


def test_a_board_on_trello_by_its_address(folder: Path, invoke, trello) -> None:
    made = trello.make("/boards", name="Ménage", defaultLists="false", prefs_permissionLevel="public")
    column = trello.make("/lists", idBoard=made["id"], name="Chaque semaine")
    trello.make("/cards", idList=column["id"], name="Laver la vitrine (lundi)")
    found = invoke("draft", made["url"], "--out", "boards/menage.yaml")
    assert found.exit_code == 0, found.output
    text = (folder / "boards" / "menage.yaml").read_text("utf-8")
    assert "title: Laver la vitrine\n" in text
    assert "on: monday" in text
    (named,) = [each for each in trello.boards if each["id"] == made["id"]]
    assert named["name"] == "Ménage"


def test_what_is_no_file_and_no_board_is_told(folder: Path, invoke) -> None:
    found = invoke("draft", "nulle-part.md", "--out", "boards/x.yaml")
    assert (found.exit_code, "is no file, and names no board" in found.output) == (2, True)
    found = invoke("draft", "https://trello.com/b/AbCd1234", "--out", "boards/x.yaml")
    assert (found.exit_code, "TRELLO_OPS_TRELLO_KEY" in found.output) == (2, True), found.output


def test_a_source_of_another_kind_is_refused(folder: Path, invoke) -> None:
    (folder / "liste.docx").write_bytes(b"PK")
    found = invoke("draft", "liste.docx", "--out", "boards/x.yaml")
    assert (found.exit_code, "liste.docx:1:1: is none of" in found.output) == (2, True)
    (folder / "vide.md").write_text("# Rien\n")
    found = invoke("draft", "vide.md", "--out", "boards/x.yaml")
    assert (found.exit_code, "holds no tasks" in found.output) == (2, True)
