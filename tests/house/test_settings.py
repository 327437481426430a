from __future__ import annotations

from bot.commands.settings import env_example, table
from bot.server.environment import actions_token, conversations_url, rasa_environment
from bot.settings import ROOT, Settings


def test_the_table_of_settings_is_that_of_the_code() -> None:
    assert table() in (ROOT / "docs/settings.md").read_text(encoding="utf-8")


def test_the_example_env_file_is_that_of_the_code() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert example.endswith(env_example() + "\n")


def test_every_setting_says_what_it_does() -> None:
    undescribed = [
        name for name, field in Settings.__fields__.items() if not field.field_info.description
    ]
    assert undescribed == []


def test_conversations_have_a_file_of_their_own_beside_the_desks(tmp_path) -> None:
    settings = Settings(_env_file=None, var_dir=tmp_path)
    assert conversations_url(settings) == f"sqlite:///{tmp_path}/conversations.db"


def test_a_database_server_holds_the_conversations_too() -> None:
    url = "postgresql://desk@db/assistant"
    assert conversations_url(Settings(_env_file=None, database_url=url)) == url


def test_rasa_calls_the_action_server_on_the_port_of_the_settings(tmp_path) -> None:
    settings = Settings(_env_file=None, var_dir=tmp_path, actions_port=5999)
    assert rasa_environment(settings)["ASSISTANT_ACTIONS_URL"] == "http://127.0.0.1:5999/webhook"


def test_every_process_has_the_same_token_and_another_key_has_another(tmp_path) -> None:
    first, second = (Settings(_env_file=None, var_dir=tmp_path) for _ in range(2))
    assert actions_token(first) == actions_token(second)
    other = Settings(_env_file=None, var_dir=tmp_path / "other")
    assert actions_token(first) != actions_token(other)
    assert first.signing_key() not in actions_token(first)
