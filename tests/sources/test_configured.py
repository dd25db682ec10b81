"""Files named on the command line beside a configuration, and files in cs-audit's own columns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sources.runner import audit, run

ZONE = ("--timezone", "Europe/Moscow")
TEXT = """Номер обращения,Дата сообщения,Роль
Т-1,2026-01-13 09:30,Клиент
Т-1,2026-01-13 10:10,Оператор
Т-2,2026-01-14 11:00,Клиент
Т-2,2026-01-15 09:30,Оператор
"""


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "desk.csv"
    path.write_text(TEXT, "utf-8")
    return path


def test_a_configured_source_reads_files_of_its_columns(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    expected = audit(capsys, tmp_path, [plain], *ZONE).judged
    assert run(capsys, "init", plain, *ZONE).code == 0
    again = tmp_path / "november.csv"
    again.write_bytes(plain.read_bytes())
    found = audit(capsys, tmp_path, [again])
    assert "as [sources.desk] says" in found.ran.err
    assert found.judged == expected


def test_holidays_beside_the_configuration_are_found_from_below(
    plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(capsys, "init", plain, *ZONE).code == 0
    config = Path("cs-audit.toml")
    text = config.read_text("utf-8").replace('# holidays = ["RU"]', 'holidays = ["days.csv"]')
    config.write_text(text, "utf-8")
    Path("days.csv").write_text("2026-01-14,day off\n2027-01-01,new year\n", "utf-8")
    below = tmp_path / "below"
    below.mkdir()
    (below / "x.csv").write_bytes(plain.read_bytes())
    monkeypatch.chdir(below)
    found = audit(capsys, tmp_path, ["x.csv"])
    assert found.spans("first_reply")[1][3] == "achieved"


OWN = """ticket,seq,occurred_at,kind,author,author_id,channel,public,automatic,status,priority,team,agent,requester,tags,text
1,1,2026-01-13T09:30:00Z,message,requester,u1,email,true,false,,high,A,,u1,vip|late,Hello
1,2,2026-01-13T09:31:00Z,message,system,,email,true,true,,,A,,u1,,We got it
1,3,2026-01-13T09:35:00Z,message,agent,a1,email,false,false,,,A,a1,u1,,internal
1,4,2026-01-13T09:50:00Z,message,agent,a1,email,true,false,,,A,a1,u1,,Hi
1,5,2026-01-13T10:00:00Z,status,agent,a1,,,false,solved,,A,a1,u1,,
"""


def test_its_own_columns_are_read_by_their_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "own.csv").write_text(OWN, "utf-8")
    found = audit(capsys, tmp_path, [tmp_path / "own.csv"])
    assert found.ran.columns == {name: name for name in OWN.partition("\n")[0].split(",")}
    assert found.spans("first_reply") == [("1", "2026-01-13T09:30:00Z", "2026-01-13T09:50:00Z", "achieved")]
    assert found.spans("resolution") == [("1", "2026-01-13T09:30:00Z", "2026-01-13T10:00:00Z", "achieved")]


def test_a_file_names_account_managers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "desk.csv"
    path.write_text(
        "ticket,occurred_at,author,author_id,requester,account manager\n"
        "1,2026-01-13T09:30:00Z,requester,u1,u1,olga\n1,2026-01-13T09:50:00Z,agent,ivan,u1,olga\n"
        "2,2026-04-13T09:30:00Z,requester,u1,u1,olga\n",
        "utf-8",
    )
    found = run(capsys, "run", path, "-o", "-", "-f", "json", "--fail-on", "never")
    assert '"account manager" -> account_manager' in found.err
    silent = [each for each in json.loads(found.out)["findings"] if each["rule"] == "account_manager_silent"]
    assert [each["ticket"] for each in silent] == ["1"]
