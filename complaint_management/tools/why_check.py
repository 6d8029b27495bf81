"""What makes a chain of whys weak: an answer that says its question again, and one that
ends at "human error".

Texts are compared by their words in plain letters, whatever the language; endings don't
count, as Azerbaijani and Turkish put them on every word. The words below are the
beginnings of words in Azerbaijani, Turkish, Persian, English and Russian.
"""

import re
from typing import NamedTuple

from .text_fold import base_letters

REPEATS, HUMAN_ERROR = "repeats", "human_error"
# That much of an answer has to stand in the question to be a repetition of it.
ALIKE_SHARE = 0.8

# Who is blamed, and for what. "=" in front: the whole word only.
_PERSONS = """
human person people staff personnel operator worker employee technician driver
insan operator isci calisan personel eleman usta teknisyen surucu sofor memur
isci emekdas iscisi usta texnik fehle suruc
انسان انسانی اپراتور کارگر کارمند پرسنل نیرو راننده تکنسین
человек человеч оператор работник сотрудник рабоч персонал водител
"""
_FAULTS = """
error mistake fault fail slip wrong =factor
hata yanlis kusur faktor
sehv xeta yanlis qusur =amil amili faktor
خطا اشتباه قصور تقصیر عامل
ошиб вин фактор
"""
# These blame by themselves.
_CARELESS = """
careless inattent negligen =forgot forgetful =oversight distract
dikkatsiz ihmal unut dalgin ozensiz bilgisiz
diqqetsiz unud sehlenkar mesuliyyetsiz bigane
بیدقت بیتوجه سهلانگار فراموش غفلت حواسپرت
невнимател халатн забыл небрежн рассеян
"""
_FILLERS = """
=the =a =an =of =by =was =is =were =been =be =it =he =she =they =because =due =to =from
=did =made =makes =done =not =had =has =have =why =does =do =and =in =on =at =that =this
=his =her =our
=bir =bu =o =ve =ile =icin =nedeniyle =yuzunden =neden =niye =tarafindan =cunku =oldu
=yapti =etti =kaynakli =sebebiyle =sebebi =de =da
=bele =ucun =gore =sebebinden =niye =nece =terefinden =cunki =olub =edib =gorub =etdi
=و =از =در =به =را =که =این =آن =است =بود =شد =شده =کرد =کرده =چرا =چون =دلیل =علت =توسط
=یک =با =های =ها =بر =اثر =داشت =ناشی =نیروی
=и =в =на =по =из =за =не =был =была =это =что =почему =потому =причина =из-за =у =с
"""


class Why(NamedTuple):
    """``previous``: the answer of the why above this one, if any."""

    key: object
    question: str
    answer: str
    previous: str = ""


def why_findings(whys):
    """Return what is weak in some whys.

    :param whys: of :class:`Why`, in any order
    :return: list of (key, code); code is :data:`REPEATS` or :data:`HUMAN_ERROR`
    """
    findings = []
    for why in whys:
        words = _words(why.answer)
        if not words:
            continue
        if any(
            _says_again(words, _words(text)) for text in (why.question, why.previous)
        ):
            findings.append((why.key, REPEATS))
        if _blames_only(words):
            findings.append((why.key, HUMAN_ERROR))
    return findings


def _words(text):
    """Return the words of a text in plain letters; joiners inside of words are gone."""
    letters = base_letters(text or "")[0].replace("\u00ad", "").replace("\u200c", "")
    # "without" is written apart as often as joined
    return re.findall(r"\w+", re.sub(r"\bبی\s+", "بی", letters))


def _compile(stems):
    parts = []
    for stem in stems.split():
        letters = "".join(_words(stem.lstrip("=")))
        parts.append(letters + (r"\Z" if stem.startswith("=") else ""))
    return re.compile("|".join(f"(?:{part})" for part in parts))


_PERSON, _FAULT, _CARELESSNESS, _FILLER = map(
    _compile, (_PERSONS, _FAULTS, _CARELESS, _FILLERS)
)


def _says_again(words, others):
    """Tell whether nearly all that ``words`` say stands in ``others`` already."""
    said = [word for word in words if not _FILLER.match(word)]
    if not said or not others:
        return False
    again = [word for word in said if any(_is_alike(word, o) for o in others)]
    return len(again) / len(said) >= ALIKE_SHARE


def _is_alike(word, other):
    """Tell whether two words are one, but for their endings."""
    if word == other:
        return True
    common = 0
    for mine, theirs in zip(word, other, strict=False):
        if mine != theirs:
            break
        common += 1
    return common >= max(4, 0.4 * max(len(word), len(other)))


def _blames_only(words):
    """Tell whether an answer blames people and says nothing else."""
    found = {"person": False, "fault": False, "careless": False}
    for word in words:
        if _FILLER.match(word):
            continue
        if _CARELESSNESS.match(word):
            found["careless"] = True
        elif _FAULT.match(word):
            found["fault"] = True
        elif _PERSON.match(word):
            found["person"] = True
        else:
            return False
    return found["careless"] or (found["person"] and found["fault"])
