"""Templates of the user's own: single blocks in their place, in a sandbox, with errors that name file and line."""

import pytest

from cs_audit import reports
from cs_audit.cli.guard import guarded
from cs_audit.errors import UsageError
from cs_audit.reports import own

HTML, MARKDOWN = "report.html", "report.md"
BLOCKS = ("style", "verdict", "tiles", "results", "reported", "definitions", "trend", "waits", "calls", "when", "ratings",
          "groups", "breaches", "findings", "exceptions", "account", "method", "downloads", "footer")  # fmt: skip


def written(folder, name, text):
    (folder / name).write_text(f'{{% extends "cs-audit/{name}" %}}\n{text}', "utf-8")
    return folder


@pytest.mark.parametrize("block", BLOCKS)
def test_any_block_of_the_page_can_be_replaced_and_the_others_stay(audit, tmp_path, block):
    ours = reports.render(audit, "html")
    made = reports.render(
        audit, "html", templates=written(tmp_path, HTML, f"{{% block {block} %}}§here§{{% endblock %}}")
    )
    assert "§here§" in made
    assert made != ours
    head, _, tail = made.partition("§here§")
    assert ours.startswith(head.rstrip())
    assert ours.endswith(tail)


def test_a_block_may_hold_ours_and_use_the_audit_and_its_words(audit, tmp_path):
    text = "{% block verdict %}{{ super() }}<p>ACME: {{ words.percent(12.5) }} of {{ audit.title }}</p>{% endblock %}"
    made = reports.render(audit, "html", templates=written(tmp_path, HTML, text))
    assert f"<p>ACME: 12.5% of {audit['title']}</p>" in made
    assert "<h1>" in made


def test_strangers_text_is_escaped_in_templates_of_ones_own_too(audit, tmp_path):
    audit["title"] = "<script>alert(1)</script> *x*"
    written(tmp_path, HTML, "{% block footer %}{{ audit.title }}{% endblock %}")
    written(tmp_path, MARKDOWN, "{% block downloads %}{{ audit.title }}{% endblock %}")
    assert "<script>alert" not in reports.render(audit, "html", templates=tmp_path)
    text = reports.render(audit, "md", templates=tmp_path)
    assert "<script>alert" not in text
    assert "\\*x\\*" in text.splitlines()[-1]


@pytest.mark.parametrize("block", ["verdict", "results", "trend", "breaches", "findings", "account", "method"])
def test_any_block_of_the_markdown_can_be_replaced(audit, tmp_path, block):
    made = reports.render(
        audit, "md", templates=written(tmp_path, MARKDOWN, f"{{% block {block} %}}§here§{{% endblock %}}")
    )
    assert "§here§" in made


@pytest.mark.parametrize(
    "reach",
    [
        "story.re.compile",
        "wording.lexis.Path('/etc/hostname').read_text()",
        "telling.headline.__globals__",
        "''.__class__.__mro__",
        "words.__init__.__globals__",
        "self.__init__.__globals__",
        "say.__self__.__class__",
        "charts.Scale.__init__.__globals__",
        "cycler.__init__.__globals__.os",
        "'{0.__class__}'.format(words)",
    ],
)
def test_a_template_reaches_no_module_and_no_file(audit, tmp_path, reach):
    written(tmp_path, HTML, f"{{% block footer %}}\n\n{{{{ {reach} }}}}{{% endblock %}}")
    with pytest.raises(UsageError) as error:
        reports.render(audit, "html", templates=tmp_path)
    assert error.value.where == f"{tmp_path / HTML}:4"


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/hostname", "link.html", "missing.html"])
def test_a_template_includes_only_files_of_its_folder_and_ours(audit, tmp_path, name):
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "link.html").symlink_to(tmp_path / "secret.txt")
    written(folder, HTML, f'{{% block footer %}}{{% include "{name}" %}}{{% endblock %}}')
    with pytest.raises(UsageError) as error:
        reports.render(audit, "html", templates=folder)
    assert error.value.where == f"{folder / HTML}:2"


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("{% block footer %}\n{% if %}{% endblock %}", 3, "Expected an expression"),
        ("{% block footer %}\n\n{{ audit.nothing.more }}{% endblock %}", 4, "has no attribute 'nothing'"),
        ("{% block footer %}{{ 1 / 0 }}{% endblock %}", 2, "ZeroDivisionError"),
    ],
)
def test_an_error_names_file_and_line(audit, tmp_path, text, line, told):
    with pytest.raises(UsageError, match=told) as error:
        reports.render(audit, "html", templates=written(tmp_path, HTML, text))
    assert error.value.where == f"{tmp_path / HTML}:{line}"


def test_a_script_of_ones_own_is_not_allowed_by_the_pages_policy(audit, tmp_path):
    (tmp_path / "_page.js").write_text("alert(1)\n", "utf-8")
    written(tmp_path, HTML, "")
    made = reports.render(audit, "html", templates=tmp_path)
    policy = made[made.index("Content-Security-Policy") :].partition(">")[0]
    assert policy == reports.render(audit, "html")[made.index("Content-Security-Policy") :].partition(">")[0]
    assert "<script>alert(1)" in made  # there, and blocked by its hash


def test_a_style_of_ones_own_takes_the_place_of_ours(audit, tmp_path):
    (tmp_path / "_style.css").write_text(".own {}\n", "utf-8")
    made = reports.render(audit, "html", templates=tmp_path)
    assert "<style>\n.own {}" in made


def test_a_folder_without_templates_is_refused_before_any_work(tmp_path):
    with pytest.raises(UsageError, match="is no folder"):
        own.check(tmp_path / "nowhere")
    (tmp_path / "verdict.html").write_text("", "utf-8")
    with pytest.raises(UsageError, match="holds no template"):
        own.check(tmp_path)
    own.check(written(tmp_path, MARKDOWN, ""))


def test_report_and_run_take_the_folder(audit, tmp_path, capsys):
    (tmp_path / "a.json").write_text(reports.render(audit, "json"), "utf-8")
    written(tmp_path, HTML, "{% block footer %}ACME{% endblock %}")
    common = ["--template", str(tmp_path), "-o", str(tmp_path / "b.html")]
    assert guarded(["report", str(tmp_path / "a.json"), *common]) == 0
    assert "<footer>ACME</footer>" in (tmp_path / "b.html").read_text("utf-8")
    assert guarded(["run", "nothing.csv", "--template", str(tmp_path / "nowhere")]) == 2
    assert "is no folder" in capsys.readouterr().err
