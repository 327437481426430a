"""What the server process keeps out. Each case imports Rasa in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.server.stand_ins import needs_tensorflow
from bot.settings import ROOT

IMPORT_RASA = """
import json, sys
from pathlib import Path
from bot.server.stand_ins import without_unused
stood_in = without_unused(*map(Path, sys.argv[1:]))
import rasa.core.agent
heavy = ("tensorflow", "pymongo", "boto3", "slack_sdk", "matplotlib")
loaded = [name for name in heavy if sys.modules.get(name)]
print(json.dumps({"stood_in": stood_in, "loaded": loaded}))
"""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    contents = {
        "config": "pipeline: [{name: WhitespaceTokenizer}]\npolicies: [{name: RulePolicy}]\n",
        "credentials": "rest:\n",
        "endpoints": "tracker_store: {type: SQL}\n",
    }
    for name, content in contents.items():
        (tmp_path / f"{name}.yml").write_text(content)
    return {name: tmp_path / f"{name}.yml" for name in contents}


def imported(files: dict[str, Path]) -> dict:
    command = [sys.executable, "-W", "ignore", "-c", IMPORT_RASA, *map(str, files.values())]
    output = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return json.loads(output.splitlines()[-1])


def test_what_the_files_do_not_name_is_not_loaded(files: dict[str, Path]) -> None:
    assert imported(files)["loaded"] == []


def test_a_channel_that_the_credentials_name_is_the_real_one(files: dict[str, Path]) -> None:
    files["credentials"].write_text("slack: {slack_token: x}\n")
    result = imported(files)
    assert "rasa.core.channels.slack" not in result["stood_in"]
    assert "slack_sdk" in result["loaded"]


def test_a_conversation_store_that_the_endpoints_name_keeps_its_driver(
    files: dict[str, Path],
) -> None:
    files["endpoints"].write_text("tracker_store: {type: mongod}\n")
    assert imported(files)["loaded"] == ["pymongo"]


@pytest.mark.parametrize("component", ["DIETClassifier", "ResponseSelector"])
def test_a_pipeline_that_runs_on_tensorflow_keeps_it(
    files: dict[str, Path], component: str
) -> None:
    files["config"].write_text(f"pipeline: [{{name: {component}}}]\n")
    assert needs_tensorflow(files["config"])


def test_a_policy_that_runs_on_tensorflow_keeps_it(files: dict[str, Path]) -> None:
    files["config"].write_text("policies: [{name: rasa.core.policies.ted_policy.TEDPolicy}]\n")
    assert needs_tensorflow(files["config"])


def test_our_own_configuration_needs_no_tensorflow() -> None:
    assert not needs_tensorflow(ROOT / "config.yml")
