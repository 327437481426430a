"""What the policy's tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.policy.clause_folder import ClauseFolder


@pytest.fixture
def folder(tmp_path: Path) -> ClauseFolder:
    """Clause files to change."""
    return ClauseFolder(tmp_path)
