"""trello-ops sandbox takes on the Workspace and the people of the folder that it is started in."""

from pathlib import Path

import pytest
import requests

from trello_ops.cli.rehearsal import who_is_there
from trello_ops.demo.shop import SHOP, shop_sandbox
from trello_ops.settings import load
from trello_sandbox.config import Tenant
from trello_sandbox.server import running


def config_here() -> dict[str, object]:
    return who_is_there(load({}, None))


def edit(folder: Path, old: str, new: str) -> None:
    file = folder / "boards" / "workspace.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_an_own_shop_is_in_it_by_its_own_names(folder: Path) -> None:
    edit(folder, "zinaobeldi", "thebakery")
    edit(folder, "amal_zina, name: Amal Benali", "ann_baker, name: Ann Baker")
    edit(folder, "timezone: UTC", "timezone: Europe/Paris")
    found = config_here()
    assert str(found["zone"]) == "Europe/Paris"
    with running(shop_sandbox(port=0, **found)) as box:
        credentials = {"key": box.key, "token": box.token}
        url = f"{box.url}/1/organizations/thebakery"
        assert requests.get(url, credentials, timeout=9).json()["displayName"] == "The shop"
        members = requests.get(f"{url}/members", credentials, timeout=9).json()
        assert [(each["username"], each["fullName"]) for each in members] == [
            ("robot", "Trello Ops"),
            ("ann_baker", "Ann Baker"),
        ]


def test_a_workspace_that_is_named_by_its_id_has_that_id(folder: Path) -> None:
    edit(folder, "zinaobeldi", f'"{"5f" * 12}"')
    with running(shop_sandbox(port=0, **config_here())) as box:
        credentials = {"key": box.key, "token": box.token}
        found = requests.get(f"{box.url}/1/organizations/{'5f' * 12}", credentials, timeout=9).json()
        assert (found["id"], found["name"], found["displayName"]) == ("5f" * 12, "the-shop", "The shop")


def test_mistakes_elsewhere_do_not_matter(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "boards" / "daily.yaml").write_text("titel: Every day\n")
    tenant = config_here()["tenant"]
    people = {"amal_zina": "Amal Benali"}
    assert tenant == Tenant("zinaobeldi", "The shop", "trello-ops", "robot", "Trello Ops", people)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("wrong", ["people: 5", "- nonsense"])
def test_mistakes_in_workspace_yaml_are_told(
    folder: Path, capsys: pytest.CaptureFixture[str], wrong: str
) -> None:
    (folder / "boards" / "workspace.yaml").write_text(wrong, "utf-8")
    config_here()
    assert "boards/workspace.yaml has mistakes, which `trello-ops validate` names" in capsys.readouterr().err


def test_without_board_files_it_is_the_sample_shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert config_here() == {}
    assert shop_sandbox().tenant == SHOP
