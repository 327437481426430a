"""Text as the intent classifier sees it: lower case, plain quotes, numbers and names masked.

Order numbers, amounts, e-mail addresses and links say who and which, not what a buyer wants. Left
in, they pull a message to "gives information" whatever it asks, so each becomes one mask word.
"""

from __future__ import annotations

import re
import unicodedata

_QUOTES = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'", "\u00b4": "'", "`": "'"}
    | {"\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-", "\u2026": " "}
)
_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.I)
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_MONEY = re.compile(
    r"(?:[$€£₹¥]|\b(?:r\$|rs\.?|usd|eur|gbp|brl|inr)\s?)\s?\d[\d.,]*"
    r"|\b\d[\d.,]*\s?(?:[$€£₹¥]|(?:dollars?|bucks|euros?|pounds?|reais|rupees|usd|eur|gbp|brl|inr)\b)"
)
_LONG_NUMBER = re.compile(
    r"#?\s?\b[a-z]{0,5}[-_]?\d[\dxyz]*(?:[ -]?[\dxyz]{2,}){1,6}\b|#\s?\w*\d\w*"
)
_NAMED_NUMBER = re.compile(
    r"\b((?:order|orders|ord|purchase|ref|reference|nr|no|number|num|id|code)\b[.:]?\s*"
    r"(?:number|num|no|nr|id|code|ref)?[.:]?\s*(?:is\s)?)"
    r"(?=[a-z\d./-]*\d)(?:[a-z]{1,6}[-/.]?)?\d[a-z\d]*(?:[-/.][a-z\d]+)*(?!\w)"
    r"(?!\s*(?:days?|weeks?|months?|years?|hours?|minutes?|times?|items?|things|pieces|boxes|of)\b)"
)
_CODE = re.compile(
    r"\b(?:[a-z]{1,4}-?\d{3,}(?:-[a-z\d]+)*|\d+-\d+(?:-[a-z\d]+)+|[a-z]{2,4}-\d+-[a-z\d]+|"
    r"\d{3,}-[a-z]{1,2})\b"
)
_NUMBER = re.compile(r"\b\d+(?:[.,:/]\d+)*(?=st\b|nd\b|rd\b|th\b|\b)")
_ORDER_LEAD_IN = re.compile(
    r"\b(?:my |the |an? )?(?:order|purchase|ord)\s?(?:number|num|no|nr|id|ref|reference|code)?"
    r"\s?(?:is|was|=)?[.:,\s#-]*xorder\b"
)
_CONTRACTIONS = (
    (
        re.compile(r"\b(do|does|did|is|are|was|were|have|has|had|would|could|should)n'?t\b"),
        r"\1 not",
    ),
    (re.compile(r"\b(?:can'?t|cannot)\b"), "can not"),
    (re.compile(r"\b(?:won't|wont)\b"), "will not"),
    (re.compile(r"\b(?:i'm|im)\b"), "i am"),
    (re.compile(r"\b(?:i've|ive)\b"), "i have"),
    (re.compile(r"\b(?:i'd)\b"), "i would"),
    (re.compile(r"\b(?:i'll)\b"), "i will"),
    (re.compile(r"\b(it|that|what|where|how|who|there|here)'s\b"), r"\1 is"),
    (re.compile(r"\b(?:whats|wheres|hows|thats)\b"), lambda m: m.group()[:-1] + " is"),
    (re.compile(r"\b(you|they|we)'?re\b"), r"\1 are"),
    (re.compile(r"\b(you|they|we)'ve\b"), r"\1 have"),
    (re.compile(r"'"), ""),
)
_EMAIL_PHRASE = re.compile(
    r"(?:[,;:.(-]\s*)?\b(?:(?:and|with|for|from|my|the|e-?mail|mail|address|is|was|it) )*"
    r"xemail\b\)?"
)
_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH_WORDS = 2
_SHOP_BY_NAME = re.compile(
    r"\b((?i:in touch with|contact|reach|message|write(?: to)?|writing to|reply from|hear from) )"
    r"(?!(?:A|An|Any|Anybody|Anyone|Agents?|Buyer|Customers?|DHL|FedEx|Google|He|Help|Her|Him|How|"
    r"Human|I|I'm|It|Live|Me|My|Or|PayPal|People|Person|Please|Real|She|Someone|Somebody|Staff|"
    r"Support|Team|Thank|Thanks|The|They|Them|Us|We|What|Where|You|Your)\b)"
    r"[A-Z]\w*[a-z][\w']*(?: (?:(?:&|and|of) )?[A-Z][\w']*)*"
)
"""A shop that a buyer names: "get in touch with Casa Verde". Names tell the classifier nothing."""
_SCRAMBLED = (
    (re.compile(r"\b(?:enver|nveer|neevr|nevre|nevr|nver|neever|nevver)\b"), "never"),
    (re.compile(r"\b(?:roder|odrer|oredr|ordre|ordr|orde|orderr)\b"), "order"),
)
"""Two letters make or undo a need: "nveer received it", "oredr 40010001"."""
_SMALL_WORDS = frozenset(
    re.findall(
        r"\w+",
        "absolutely ah alright certainly course go hello here hey hi is it of oh ok okay please s "
        "sure thanks there uh uhm um well xorder ya yeah yes yep yup you",
    )
)
"""Words that a buyer says while giving what was asked for: "uh, sure, it's ana@example.com"."""
_SPACE = re.compile(r"\s+")
_REPEATED = re.compile(r"(.)\1{2,}")


def normalise(text: str) -> str:
    """Makes the text that intent features are computed from.

    Args:
        text: A message as written.

    Returns:
        Lower-case text with one space between words, contractions written out, and `xorder`,
        `xemail`, `xlink`, `xmoney` or `xnum` where the message had such a thing.
    """
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    text = _SHOP_BY_NAME.sub(r"\1the seller", text).lower()
    for pattern, word in _SCRAMBLED:
        text = pattern.sub(word, text)
    text = _LINK.sub(" xlink ", text)
    text = _EMAIL.sub(" xemail ", text)
    text = _MONEY.sub(" xmoney ", text)
    text = _LONG_NUMBER.sub(_mask_long, text)
    text = _CODE.sub(" xorder ", _NAMED_NUMBER.sub(r"\1 xorder ", text))
    text = _ORDER_LEAD_IN.sub("xorder", text)
    text = _NUMBER.sub("xnum", text)
    text = _REPEATED.sub(r"\1\1", text)
    for pattern, replacement in _CONTRACTIONS:
        text = pattern.sub(replacement, text)
    return _without_email(_SPACE.sub(" ", text).strip())


def _without_email(text: str) -> str:
    """Leaves out the e-mail where other words tell the need.

    "it never came, jonas@example.com" wants what "it never came" wants; a bare address stays, for
    it is all that was said.
    """
    rest = _EMAIL_PHRASE.sub(" ", text)
    words = _WORD.findall(rest)
    says_more = len(words) >= _ENOUGH_WORDS and not _SMALL_WORDS.issuperset(words)
    return _SPACE.sub(" ", rest).strip(" ,;:-") if says_more else text


def _mask_long(match: re.Match[str]) -> str:
    digits = sum(character.isdigit() for character in match.group())
    return " xorder " if digits >= 5 or "#" in match.group() else match.group()
