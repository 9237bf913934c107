"""fleet.yaml: who is in the fleet, by whose key and token; what is said of mistakes; no secret is told."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from trello_ops.errors import InvalidDeclaration, InvalidSettings
from trello_ops.fleet.fleet_file import read
from trello_ops.fleet.load import load_fleet
from trello_ops.fleet.tenant import Fleet
from trello_ops.messages import translated
from trello_ops.render.i18n import Translator
from trello_ops.settings import Settings

KEY = "0123456789abcdef0123456789abcdef"
TOKEN = "ATTA" + 9 * "5e3c0a17" + "ABCD"
ENV = {"KEY_A": "key-a", "KEY_B": "key-b", "TOKEN_ZINA": "t-zina", "TOKEN_CASA_1": "t-casa"}
FLEET = """\
keys:
  first: {key: KEY_A}
defaults:
  token: TOKEN_{NAME}
  templates_from: shared
shops:
  - shops/*/
"""

Load = Callable[..., Fleet]


def shop(folder: Path, name: str, key: str = "") -> Path:
    """The folder of a shop, whose workspace has its name as key, unless another is said."""
    boards = folder / "shops" / name / "boards"
    boards.mkdir(parents=True)
    (boards / "workspace.yaml").write_text(f"key: {key or name}\nlocale: fr\n")
    return boards.parent


def secrets(settings: Settings) -> tuple[str, ...]:
    """Key and token."""
    return tuple(each.get_secret_value() for each in (settings.trello_key, settings.trello_token) if each)


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Write a fleet.yaml beside two shops and their shared templates, and load it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shared" / "cards").mkdir(parents=True)
    for name in ("zina", "casa-1"):
        shop(tmp_path, name)

    def call(text: str = FLEET, env: Mapping[str, str] = ENV) -> Fleet:
        Path("fleet.yaml").write_text(text, "utf-8")
        return load_fleet(Path("fleet.yaml"), env, None)

    return call


# ---- Who is in it -----------------------------------------------------------------------------------


def test_one_line_brings_in_every_folder_with_a_token_of_its_own(fleet: Load) -> None:
    found = fleet()
    assert list(found.tenants) == ["casa-1", "zina"]
    assert found.problems == {}
    assert found.workspaces == {"casa-1": "casa-1", "zina": "zina"}
    zina = found.tenants["zina"].settings
    assert secrets(zina) == ("key-a", "t-zina")
    assert (zina.boards_dir, zina.templates_dir) == (Path("shops/zina/boards"), Path("shared"))
    assert zina.shared_dirs == (Path("shared"),)


def test_folders_that_are_hidden_or_no_folders_are_no_shops(fleet: Load, tmp_path: Path) -> None:
    (tmp_path / "shops" / ".git").mkdir()
    (tmp_path / "shops" / "notes.txt").write_text("")
    assert list(fleet(FLEET.replace("shops/*/", "shops/*")).tenants) == ["casa-1", "zina"]


def test_a_shops_own_templates_come_before_the_shared_ones(fleet: Load, tmp_path: Path) -> None:
    (tmp_path / "shops" / "zina" / "templates").mkdir()
    assert fleet().tenants["zina"].settings.templates_dir == Path("shops/zina/templates")


def test_what_is_said_later_of_the_same_folder_counts(fleet: Load, tmp_path: Path) -> None:
    (tmp_path / "zina.token").write_text("t-other\n")
    found = fleet(
        FLEET.replace("first: {key: KEY_A}", "first: {key: KEY_A}\n  second: {key: KEY_B}").replace(
            "defaults:\n", "defaults:\n  key: first\n"
        )
        + "  - folder: shops/zina/\n    key: second\n    labels: [casablanca, big]\n"
        + "    mail_from: zina@ops.example\n"
        + '    token: {file: "{name}.token"}\n'
    )
    zina, casa = found.tenants["zina"], found.tenants["casa-1"]
    assert (zina.key, zina.labels, casa.key, casa.labels) == ("second", ("casablanca", "big"), "first", ())
    assert secrets(zina.settings) == ("key-b", "t-other")
    assert (zina.settings.mail_from, casa.settings.mail_from[:10]) == ("zina@ops.example", "trello-ops")


def test_the_process_s_own_settings_hold_for_all_shops_but_for_its_token(fleet: Load) -> None:
    env = {
        **ENV,
        "TRELLO_OPS_TRELLO_TOKEN": "mine",
        "TRELLO_OPS_ISSUE_SECONDS": "7",
        "TRELLO_OPS_MAIL_DIR": "m",
    }
    found = fleet(FLEET + "    \n", env)
    assert {each.settings.issue_seconds for each in found.tenants.values()} == {7}
    assert {each.settings.mail_dir for each in found.tenants.values()} == {Path("m")}
    without = fleet(FLEET.replace("  token: TOKEN_{NAME}\n", ""), env)
    assert set(without.problems) == {"zina", "casa-1"}, "nobody's token is lent to a shop"


def test_a_mail_server_of_a_shop_takes_the_place_of_a_folder(fleet: Load) -> None:
    env = {**ENV, "TRELLO_OPS_MAIL_DIR": "m", "SMTP": "smtps://ops:pw@mail.example"}
    zina = fleet(FLEET.replace("shops:\n", "  smtp: SMTP\nshops:\n"), env).tenants["zina"].settings
    assert zina.mail_dir is None
    assert zina.smtp_url


def test_without_keys_the_settings_own_one_serves(fleet: Load) -> None:
    text = FLEET.replace("keys:\n  first: {key: KEY_A}\n", "")
    found = fleet(text, {**ENV, "TRELLO_OPS_TRELLO_KEY": "mine"})
    assert (set(found.keys), found.tenants["zina"].key) == ({"own"}, "own")


def test_shops_are_spread_and_a_new_key_takes_over_its_share_alone(fleet: Load, tmp_path: Path) -> None:
    names = [f"s{number}" for number in range(60)]
    for name in names:
        shop(tmp_path, name)
    env = {**ENV, **{f"TOKEN_{name.upper()}": "t" for name in names}}
    text = FLEET.replace("  first:", "  second: {key: KEY_B}\n  first:")
    two = fleet(text, env)
    three = fleet(text.replace("  first:", "  third: {key: KEY_A}\n  first:"), env)
    shares = [sum(each.key == key for each in two.tenants.values()) for key in ("first", "second")]
    assert min(shares) > 15
    assert fleet(text, env).tenants == two.tenants
    moved = {three.tenants[name].key for name in names if three.tenants[name].key != two.tenants[name].key}
    assert moved == {"third"}


# ---- One problem stops no other ---------------------------------------------------------------------

OF_ONE_SHOP = [
    ("zina", "TOKEN_{NAME}", "TOKEN_{NAME}_X", "4:10 defaults.token: TOKEN_ZINA_X is not set: set it in"),
    ("zina", "TOKEN_{NAME}", '{file: "no/{name}"}', "4:10 defaults.token: no/zina: the file cannot be read "),
    ("zina", "  token: TOKEN_{NAME}\n", "", "6:5 shops[0]: has no token: name where it is with `token:`"),
    ("zina", "shared", "gone", "5:19 defaults.templates_from: gone is no folder: correct it, or put it back"),
    ("zina", "  templates_from: shared\n", "", "6:5 shops[0]: shops/zina holds no folder `templates`: make"),
    ("closed", "shops/*/", "shops/closed", "7:5 shops[0]: is no folder: put it back, or delete the entry"),
    ("stores/*", "shops/*/", "stores/*", "7:5 shops[0]: matches no folder: correct it, or put the folders"),
    ("zina", "shops:", "  mail_from: nobody\nshops:", "6:14 defaults.mail_from: should be an e-mail address"),
    ("zina", "shops:", "  smtp: KEY_A\nshops:", "6:9 defaults.smtp: KEY_A should "),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "told"), OF_ONE_SHOP)
def test_a_problem_of_shops_is_told_at_its_place(
    fleet: Load, name: str, old: str, new: str, told: str
) -> None:
    found = fleet(FLEET.replace(old, new))
    assert str(found.problems[name]).startswith(f"fleet.yaml:{told}"), found.problems[name]
    assert name not in found.tenants


def test_the_other_shops_are_tended(fleet: Load, tmp_path: Path) -> None:
    shop(tmp_path, "new")
    found = fleet()
    assert list(found.tenants) == ["casa-1", "zina"]
    assert list(found.problems) == ["new"]
    assert found.workspaces["new"] == "new", "so that nobody takes it for one that left"


def test_two_workspaces_with_one_key_are_a_problem_of_both(fleet: Load, tmp_path: Path) -> None:
    shop(tmp_path, "copy", "zina")
    found = fleet(env={**ENV, "TOKEN_COPY": "t"})
    assert list(found.tenants) == ["casa-1"]
    assert found.problems == {
        "copy": "workspace.yaml has the key `zina`, as that of zina has: give each shop its own",
        "zina": "workspace.yaml has the key `zina`, as that of copy has: give each shop its own",
    }


def test_two_folders_with_one_name_are_told_together(fleet: Load, tmp_path: Path) -> None:
    (tmp_path / "old" / "zina" / "boards").mkdir(parents=True)
    found = fleet(FLEET + "  - old/zina\n")
    assert "several folders have this name (shops/zina, old/zina)" in found.problems["zina"]
    assert list(found.tenants) == ["casa-1"]


def test_a_folder_whose_name_can_be_no_shops_is_told(fleet: Load, tmp_path: Path) -> None:
    shop(tmp_path, "Zina Obeldi", "obeldi")
    assert "cannot be a shop's name" in fleet().problems["Zina Obeldi"]


def test_a_folder_without_a_workspace_is_told(fleet: Load, tmp_path: Path) -> None:
    (tmp_path / "shops" / "zina" / "boards" / "workspace.yaml").write_text("name: Zina\n")
    assert fleet().problems["zina"] == (
        "shops/zina/boards/workspace.yaml:1:1: names no key of a workspace: write the file, with `key:` at"
        " the beginning of a line"
    )


def test_a_token_with_odd_characters_is_told_by_its_name(fleet: Load) -> None:
    found = fleet(env={**ENV, "TOKEN_ZINA": "two words"})
    assert found.problems == {
        "zina": "fleet.yaml:4:10 defaults.token: TOKEN_ZINA has characters that none has: copy it again"
    }


# ---- Mistakes in the file itself --------------------------------------------------------------------

SHOPS = "shops: [shops/zina]\n"
MISTAKES = [
    ("", "1:1: should hold `name: value` lines, as docs/fleet.md shows"),
    ("- shops/zina\n", "1:1: should hold `name: value` lines, as docs/fleet.md shows"),
    ("shops: []\n", "1:8 shops: is an empty list: name at least one, or delete the line"),
    ("shops: shops/*/\n", "1:8 shops: should be a list, such as `[a, b]`"),
    ("boutiques: [a]\n", "1:1 boutiques: is not a name known here: did you mean `shops`?"),
    (
        SHOPS + "token: T\n",
        "2:1 token: is not a name known here: use one of `keys`, `defaults`, `report`, `shops`",
    ),
    (SHOPS + "defaults:\n  jeton: T\n", "3:3 defaults.jeton: is not a name known here: did you mean `token`"),
    (SHOPS + "defaults:\n  token:\n", "3:9 defaults.token: is empty: give it a value, or delete the line"),
    (SHOPS + "defaults:\n  token: a b\n", "3:10 defaults.token: is no name of an environment variable: writ"),
    (SHOPS + "defaults:\n  token: T_{name}\n", "3:10 defaults.token: only a shop's name can be filled in he"),
    (SHOPS + 'defaults:\n  token: {file: "{shop}"}\n', "3:17 defaults.token.file: only a shop's name can be"),
    (SHOPS + "defaults:\n  token: {env: T_{NAME}}\n", "3:10: text with `{NAME}` or `{name}` within braces i"),
    (SHOPS + "defaults:\n  token: {env: A, file: b}\n", "3:10 defaults.token: should be the name of an envi"),
    (SHOPS + "defaults:\n  token: {}\n", "3:10 defaults.token: should be the name of an environment variabl"),
    (SHOPS + "defaults:\n  key: secnd\nkeys: {second: {key: KEY_A}}\n", "3:8 defaults.key: there is no key "),
    (SHOPS + "defaults:\n  key: first\n", "3:8 defaults.key: there is no key `first`: there are none yet"),
    (SHOPS + "keys: [first]\n", "2:7 keys: should be a group of `name: value` lines, indented below it"),
    (SHOPS + "keys: {first: KEY_A}\n", "2:15 keys.first: should be a group of `name: value` lines, indented"),
    (SHOPS + "keys: {First: {key: A}}\n", "2:8 keys.First: `First` is not a key: use lower-case letters, di"),
    (SHOPS + "keys: {first: {secret: A}}\n", "2:8 keys.first.key: is missing: add it"),
    (SHOPS + "keys: {first: {key: 'K_{NAME}'}}\n", "2:21 keys.first.key: is a key for several shops, so tha"),
    (SHOPS + f"keys: {{first: {{key: {KEY}}}}}\n", "2:21 keys.first.key: looks like a secret, which stands "),
    (SHOPS + f"keys: {{{KEY}: {{key: A}}}}\n", "2:8 keys.…: looks like a secret, which stands in no file of"),
    (SHOPS + f"defaults:\n  token: {TOKEN}\n", "3:10 defaults.token: looks like a secret, which stands in n"),
    (SHOPS + f"defaults:\n  token: {{file: {TOKEN}}}\n", "3:17 defaults.token.file: looks like a secret, wh"),
    (SHOPS + f"defaults:\n  key: {KEY}\n", "3:8 defaults.key: looks like a secret, which stands in no file "),
    (SHOPS + "defaults:\n  smtp: smtps://ops:pw@mail.example\n", "3:9 defaults.smtp: looks like a secret, w"),
    (SHOPS + f"defaults:\n  {TOKEN}: T\n", "3:3 defaults.…: is not a name known here: use one of `templates"),
    ("shops: [{}]\n", "1:9 shops[0].folder: is missing: add it"),
    ("shops: [{folder: 5}]\n", "1:18 shops[0].folder: should be text: put it in quotes"),
    ("shops: [{folder: a, label: [x]}]\n", "1:21 shops[0].label: is not a name known here: did you mean `la"),
    ("shops: [{folder: a, labels: [A b]}]\n", "1:30 shops[0].labels[0]: `A b` is not a key: use lower-case "),
    ("shops: [a\n", "1:8: is not valid YAML: "),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), MISTAKES)
def test_a_mistake_is_told_at_its_place(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "fleet.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(InvalidDeclaration) as raised:
        read(file)
    [problem] = raised.value.problems
    assert str(problem).removeprefix(f"{file}:").startswith(told), problem
    for secret in (KEY, TOKEN, "pw@"):
        assert secret not in str(raised.value)
    french = translated(problem.message, Translator("fr"))
    assert french != problem.message, "every message is translated"


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text("shops: [{}]\ndefaults: {token: a b, key: x}\n")
    with pytest.raises(InvalidDeclaration) as raised:
        read(tmp_path / "fleet.yaml")
    assert [each.path for each in raised.value.problems] == ["shops[0].folder", "defaults.token"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidDeclaration, match="cannot be read: No such file"):
        read(tmp_path / "fleet.yaml")


@pytest.mark.parametrize(
    ("keys", "env", "told"),
    [
        ("first: {key: KEY_X}", {}, "2:16 keys.first.key: KEY_X is not set: set it in the environment or in"),
        ("first: {key: {file: no}}", {}, "2:16 keys.first.key: no: the file cannot be read (No such file or"),
        ("first: {key: KEY_A}", {"TRELLO_OPS_PUBLIC_URL": "https://a.example"}, "2:10 keys.first: has no `s"),
    ],
)  # fmt: skip
def test_without_its_keys_there_is_no_fleet(
    fleet: Load, keys: str, env: Mapping[str, str], told: str
) -> None:
    with pytest.raises(InvalidDeclaration) as raised:
        fleet(FLEET.replace("first: {key: KEY_A}", keys), {**ENV, **env})
    assert str(raised.value).removeprefix("fleet.yaml:").startswith(told)


def test_no_key_at_all_is_told(fleet: Load) -> None:
    with pytest.raises(InvalidDeclaration, match="names no key of Trello's API: write one below `keys:`"):
        fleet(FLEET.replace("keys:\n  first: {key: KEY_A}\n", ""))


def test_wrong_settings_are_told(fleet: Load) -> None:
    with pytest.raises(InvalidSettings, match="TRELLO_OPS_ISSUE_SECONDS"):
        fleet(env={**ENV, "TRELLO_OPS_ISSUE_SECONDS": "0"})


def test_no_secret_is_in_what_a_fleet_looks_like(fleet: Load) -> None:
    shown = repr(fleet())
    assert "zina" in shown
    for secret in ("key-a", "t-zina", "t-casa"):
        assert secret not in shown


# ---- The report of all ------------------------------------------------------------------------------


def test_the_report_of_all_leaves_by_the_way_of_the_defaults(fleet: Load) -> None:
    text = FLEET.replace(
        "defaults:\n",
        "report: {to: a@example.org, name: Agence}\ndefaults:\n  smtp: MAIL\n  mail_from: b@example.org\n",
    )
    agency = fleet(text, {**ENV, "MAIL": "smtp://mail.example.org"}).agency
    assert agency
    assert (agency.recipients, agency.name, agency.locale) == (("a@example.org",), "Agence", "fr")
    assert agency.settings.smtp_url
    assert agency.settings.smtp_url.get_secret_value() == "smtp://mail.example.org"
    assert agency.settings.mail_from == "b@example.org"
    assert fleet().agency is None


@pytest.mark.parametrize(
    ("said", "variables", "where"),
    [
        ("report: {to: nobody}\n", {}, "1:14 report.to"),
        ("report: {name: Agence}\n", {}, "1:1 report.to"),
        ("report: {to: a@example.org}\ndefaults: {smtp: MAIL}\n", {}, "2:18 defaults.smtp"),
        (
            "report: {to: a@example.org}\ndefaults: {smtp: MAIL}\n",
            {"MAIL": "ftp://pass@x"},
            "2:18 defaults.smtp",
        ),
    ],
)
def test_who_would_get_no_report_is_told(
    fleet: Load, said: str, variables: dict[str, str], where: str
) -> None:
    text = (
        said
        + FLEET.partition("defaults:")[0]
        + "shops:\n  - {folder: shops/zina, token: TOKEN_ZINA, templates_from: shared}\n"
    )
    with pytest.raises(InvalidDeclaration) as caught:
        fleet(text, {**ENV, **variables})
    told = [str(each) for each in caught.value.problems]
    assert [each.partition("fleet.yaml:")[2].startswith(where) for each in told] == [True], told
    assert "pass@" not in "".join(told)


def test_the_password_of_the_report_of_all_is_one_of_the_fleets_secrets(fleet: Load) -> None:
    ways = "report: {to: a@example.org}\ndefaults: {smtp: MAIL, notify: TELL}\n"
    shops = "shops:\n  - {folder: shops/zina, token: NOWHERE, templates_from: shared}\n"
    env = {**ENV, "MAIL": "smtp://me:hush%21@mail.example.org", "TELL": "ntfy://topic-of-ours"}
    found = fleet(ways + FLEET.partition("defaults:")[0] + shops, env)
    assert list(found.problems) == ["zina"]
    assert {"hush!", "hush%21", "ntfy://topic-of-ours"} <= found.secrets()
