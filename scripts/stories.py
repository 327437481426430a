"""Runs Rasa's own story tests against the model, and says in one line how many held."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.server.training import model_path  # noqa: E402
from bot.settings import Settings  # noqa: E402


def main() -> int:
    """Run them; returns 1 when a story's turn went otherwise than told."""
    settings = Settings()
    results = settings.var_dir / "stories"
    log = settings.var_dir / "logs" / "stories.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "bot", "rasa", "test", "core"]
    command += ["--stories", "tests/stories", "--model", str(model_path(settings))]
    command += ["--out", str(results), "--no-plot", "--fail-on-prediction-errors"]
    with log.open("w") as output:
        code = subprocess.run(
            command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, check=False
        ).returncode
    report = results / "story_report.json"
    if code or not report.exists():
        failed = results / "failed_test_stories.yml"
        shown = failed if failed.exists() and failed.stat().st_size else log
        print("\n".join(shown.read_text(errors="replace").splitlines()[-40:]))
        print(f"  ✗ stories; all of the output is in {log}")
        return 1
    accuracy = json.loads(report.read_text())["conversation_accuracy"]
    print(f"  ✓ {accuracy['correct']} of {accuracy['total']} stories")
    return 0


if __name__ == "__main__":
    sys.exit(main())
