"""Words that say nothing, and the light stem of the others."""

_STOP_WORDS = """
    a about after again alert all also an and any are as at be because been before between but by can could did do
    does for from get got had has have hello help hi how i if in into is issue it its just kindly me my new now of on
    one or our please problem regards see seem seen she should since so some team thank that the their them then there
    these they this ticket to today urgent us was we were what when where which while who why will with would yesterday
    you your went goes gone too"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
NEGATIONS = frozenset({"not", "no", "cannot", "never", "without", "isnt", "doesnt", "cant"})
_WITH_DIGITS_TEXT = """
    db2 e2e ec2 ext4 http2 http3 ipv4 ipv6 k3s k8s l2 l3 l4 l7 log4j md5 nfsv3 nfsv4 oauth2 s3
    sha1 sha256 x509"""
WITH_DIGITS = frozenset(_WITH_DIGITS_TEXT.split())
"""Words with a digit that name a thing; every other token with a digit names one host, time or number, and is masked."""
SYNONYMS = {
    "interfac": "port",
    "nic": "port",
    "failur": "fail",
    "bounc": "flap",
    "timed": "timeout",
    "lost": "loss",
    "outag": "down",
}
_SYMPTOMS = """
    block corrupt crash degrad deni down drop error expir fail flap full hang high loss low miss old reboot refus
    restart slow stuck timeout unavailabl unreachabl up"""
SYMPTOMS = frozenset(_SYMPTOMS.split())
"""What can befall a thing, as stems."""
_SUFFIXES = ("ings", "ing", "ed", "es", "s")


def stem(word: str) -> str:
    """A light stem: flapping, flapped and flaps become flap."""
    for suffix in _SUFFIXES:
        rest = word.removesuffix(suffix)
        if rest != word and len(rest) >= 4 - (suffix == "s") and not word.endswith(("ss", "us")):
            doubled = len(rest) > 4 and rest[-1] == rest[-2] and rest[-1] not in "lsz"
            word = rest[:-1] if doubled else rest
            break
    word = word[:-1] if len(word) > 4 and word.endswith("e") else word
    return SYNONYMS.get(word, word)


def is_symptom(term: str) -> bool:
    """Whether a term says what befell a thing, or denies something."""
    return term in SYMPTOMS or term.startswith("not-")


def one_slip(left: str, right: str) -> bool:
    """Whether one letter more, less, other, or swapped with its neighbour makes one word of the other."""
    if abs(len(left) - len(right)) > 1:
        return False
    same = next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), None)
    if same is None:
        return True
    rest, other = left[same:], right[same:]
    return (
        rest[1:] == other[1:]
        or rest[1:] == other
        or rest == other[1:]
        or (rest[2:] == other[2:] and rest[:2] == other[1::-1])
    )
