"""Secrets in raw answers, blotted out before anybody sees or stores the text.

Told by the name before a value, by the form of the value itself, or by the command of a switch. Rather one word too many
than one too few: a payload is kept as proof of what was read, and none of our facts is a secret. Pure, and linear in the
length of the text.
"""

import re

BLOT = "[redacted]"

_NAME = (
    r"(?<![\w.-])[\w.-]{0,60}?(?:passw(?:or)?d|passwd|passphrase|secret|token|credential|community|api[_-]?key"
    r"|private[_-]?key|access[_-]?key|auth[_-]?key|priv[_-]?key|psk)[\w.-]{0,60}"
)
_QUOTE = r"\\{0,7}[\"']"
_TEXT = r"(?:[^\"'\\\n]|\\[^\"'\n])"

_PATTERNS = (
    # -----BEGIN RSA PRIVATE KEY----- up to its end, or to the end of what is here
    r"(?P<pem>-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----)(?:(?!-----END)[\s\S])*",
    # a variable of a container: its name, then its value
    rf"(?P<named>{_QUOTE}(?i:name|key){_QUOTE}\s*:\s*{_QUOTE}(?i:{_NAME}){_QUOTE}\s*,\s*"
    rf"{_QUOTE}(?i:value){_QUOTE}\s*:\s*{_QUOTE})(?:{_TEXT})+",
    # "password": "...", password = '...'
    rf"(?P<quoted>(?i:{_NAME})(?:{_QUOTE})?\s*[:=]\s*{_QUOTE})(?:{_TEXT})+",
    # <password>...</password>
    rf"(?P<tagged><(?i:{_NAME})>)[^<\n]+",
    # IOS and FRR: password 7 0822455D0A16, secret 5 $1$..., key 7 ..., md5 ..., community public
    r"(?P<command>\b(?i:(?:password|secret|key|key-string|passphrase|pre-shared-key)\s+(?:encrypted\s+)?[0-9]"
    r"|(?:enable|(?:username|neighbor)\s+\S+)\s+(?:password|secret)|message-digest-key\s+\d+\s+md5|ascii-text"
    r"|snmp-server\s+(?:community|user\s+\S+\s+\S+.{0,40}?auth\s+\S+)|community|^\s*password"
    r"|pre-shared-key|wpa-psk)\s+(?:[0-9]\s+)?)[^\s:=,}\]\"']+",
    # password: plain, TOKEN=plain
    rf"(?P<plain>\b(?i:{_NAME})[:=]\s?)(?!\s|{_QUOTE}|(?:true|false|null|None|[0-9.]+)\b)[^\s,;&}}\]\"'<]+",
    # https://user:password@host
    r"(?P<url>://[^\s/:@\"']{1,100}:)[^\s/@\"']{1,200}(?=@)",
    r"(?P<bearer>\b(?i:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{16,}",
    # JSON web tokens, and hashes of passwords as crypt(3) writes them
    r"(?P<jwt>)\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*",
    r"(?P<crypt>)\$(?:1|5|6|8|9|14|y|2[aby])\$[A-Za-z0-9./$]{8,}",
)
_SECRET = re.compile("|".join(_PATTERNS), re.MULTILINE)


def redacted(text: str) -> tuple[str, int]:
    """The text without its secrets, and how many there were. What is blotted out already is not counted again."""
    count = 0

    def blot(match: re.Match[str]) -> str:
        nonlocal count
        kept = match[match.lastgroup or 0]
        if match[0][len(kept) :].startswith(BLOT[:-1]):
            return match[0]
        count += 1
        return kept + BLOT

    return _SECRET.sub(blot, text), count
