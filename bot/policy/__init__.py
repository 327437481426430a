"""The program's rules: facts and dated clauses in, a decision with its clauses out.

Pure: no clock, no database, no settings. docs/policy.md has the forms and the table of clauses.
"""

from bot.policy.clause import Clause
from bot.policy.clauses_by_day import Clauses
from bot.policy.decide import decide
from bot.policy.decision import Citation, Decision, Finding, PaidBy, Route, RouteId, Status
from bot.policy.facts import Facts, Reason, ShipmentStatus, Trait
from bot.policy.loader import BadClauses, load_clauses
from bot.policy.parse import BadFacts, parse_facts
from bot.policy.rulebook import Rulebook
from bot.policy.serialise import to_json

__all__ = [
    "BadClauses",
    "BadFacts",
    "Citation",
    "Clause",
    "Clauses",
    "Decision",
    "Facts",
    "Finding",
    "PaidBy",
    "Reason",
    "Route",
    "RouteId",
    "Rulebook",
    "ShipmentStatus",
    "Status",
    "Trait",
    "decide",
    "load_clauses",
    "parse_facts",
    "to_json",
]
