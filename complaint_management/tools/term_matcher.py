"""Finds words of many lists at once in texts of any script.

A term is found at the start of a word only, with the endings that its language allows,
however it is typed (see ``text_fold.base_letters``), also where a hyphen or the end of
a line cuts it.

A text is split at its white space, which costs little. Each piece of it is judged once
as long as the matcher lives: whether it may start a term. Only around those that may
is the text read letter by letter, so the time hardly depends on how many terms there
are.
"""

import itertools
import re
from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

from .text_fold import NON_JOINER, SKIP, base_letters
from .word_endings import word_forms

MODES = ("word", "stem", "phrase")
_HEAD = 4
_UNSEEN = SKIP + NON_JOINER
_PIECE = rf"\w[\w{_UNSEEN}]*"
# A word that a hyphen cuts at the end of a line is one word.
_WORD = re.compile(rf"{_PIECE}(?:-[ \t]*\r?\n[ \t]*{_PIECE}){{0,2}}")
_FIRST_PIECE = re.compile(_PIECE)
# Words in which a hyphen or the bare end of a line may stand by mistake: mah-keme.
_CUT_WORDS = re.compile(rf"{_PIECE}(?:(?:-|\r?\n){_PIECE})+")
_MOST_PIECES = 4
_HYPHENS = "-\u2010\u2011"
_NO_LETTERS = re.compile(r"\W+")
# What may stand between the words of a phrase.
_GAP = re.compile(rf"(?:'\w{{1,6}})?[\s\-–'\"«»“”„()\[\]/{_UNSEEN}]{{1,6}}")
# "BTK'ya", "lawyer's": an ending that stands apart.
_APART = re.compile(rf"[{SKIP}]?'\w{{1,6}}(?!\w)")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_MOST_JOINTS = 3
# White space in gaps and at cuts makes several pieces of each word of a phrase.
_PIECES_A_WORD = 6
# Pieces of texts that a matcher remembers: a few megabytes.
_MOST_KNOWN = 50_000
_PUNCTUATION = ".,;:!?()[]{}<>*_/\\|\"'«»“”„‘`…–—-،؛؟"


class Match(NamedTuple):
    """Where a term stands: ``text[start:end]``, whole words with their endings."""

    term_id: int
    start: int
    end: int


class _Term(NamedTuple):
    """One way to write a term."""

    id: int
    # of each word after the first one: [(stem, endings), …]
    more: tuple
    exceptions: tuple

    def excepts(self, word):
        exact, heads = self.exceptions
        return word in exact or word.startswith(heads)


class TermMatcher:
    """All terms of a company, made ready to be looked for.

    :param terms: tuples ``(id, language, term)``, which may go on with a mode and
        exceptions. Mode ``word`` takes the word as it stands, ``stem`` with endings of
        the language, ``phrase`` several such words in this order; without a mode, a
        word is a stem and several are a phrase. ``appeal*`` takes any ending.
        Exceptions are words that look like forms of the term and are none, separated
        by commas, with ``*`` as above.
    """

    def __init__(self, terms):
        # {first letters: {stem: [(endings, term), …]}}
        self._heads = {}
        for term_id, lang, text, *rest in terms:
            mode, exceptions = (*rest, "", "")[:2]
            self._add(term_id, lang, text, mode, _read_exceptions(exceptions))
        self._sizes = sorted({len(head) for head in self._heads}, reverse=True)
        # Pieces of texts that can't start a term, and {piece: most words of the terms
        # that it may start}.
        self._cold, self._hot = set(), {}

    def find(self, text):
        """Return the matches in a text, in its order; terms may share words."""
        text = text or ""
        pieces = set(text.split())
        cuts = self._find_cuts(text) if "\n" in text else ()
        pieces.update(piece for piece, *__ in cuts)
        fresh = pieces - self._cold
        if not fresh:
            return []
        if unknown := fresh.difference(self._hot):
            self._judge(unknown)
        found = {}
        for piece in fresh.intersection(self._hot):
            for start in _positions(text, piece):
                self._read(found, text, start, piece)
        for piece, start, size in cuts:
            if piece in self._hot:
                self._read(found, text, start, piece, size)
        return _sorted(found)

    def find_slowly(self, text):
        """Return the same as :meth:`find`, reading every letter: what tests ask."""
        found = {}
        self._scan(found, text, 0, len(text))
        return _sorted(found)

    # -- making ready ----------------------------------------------------------------
    def _add(self, term_id, lang, text, mode, exceptions):
        for spelling in _spellings(lang, text):
            first, *more = (
                word_forms(lang, word, _plain, bends=mode != "word")
                for word in spelling
            )
            if first and all(more):
                term = _Term(term_id, tuple(more), exceptions)
                for stem, endings in first:
                    stems = self._heads.setdefault(stem[:_HEAD], {})
                    stems.setdefault(stem, []).append((endings, term))

    # -- judging pieces ----------------------------------------------------------------
    def _judge(self, pieces):
        """Find out once whether each piece of a text may start a term."""
        if len(self._cold) + len(self._hot) > _MOST_KNOWN:
            self._cold, self._hot = set(), {}
        pieces = list(pieces)
        letters = base_letters("\n".join(pieces))[0].split("\n")
        for piece, word in zip(pieces, letters, strict=True):
            size = self._count_words(word)
            if size:
                self._hot[piece] = size
            else:
                self._cold.add(piece)

    def _count_words(self, letters):
        """Return how many words the longest term has that starts in here, or 0."""
        word = letters.strip(_PUNCTUATION)
        if word.isalnum():
            # As nearly all pieces are: one word.
            if not any(word[:size] in self._heads for size in self._sizes):
                return 0
            fitting = (term for term, __ in self._fitting(word))
        else:
            fitting = (term for term, *__ in self._candidates(letters, len(letters)))
        return max((1 + len(term.more) for term in fitting), default=0)

    def _find_cuts(self, text):
        """Return (piece, start, size) of what the ends of lines may cut in two or
        more; a word that starts in ``size`` characters from ``start`` goes on."""
        cuts, start = [], 0
        lines = text.split("\n")
        for number, line in enumerate(lines[:-1]):
            words = line.split()
            if words:
                piece, last = words[-1], len(line.rstrip()) - len(words[-1])
                for following in lines[number + 1 : number + _MOST_PIECES]:
                    words = following.split(None, 1)
                    if not words:
                        break
                    piece += words[0]
                    cuts.append((piece, start + last, len(line) - last))
                    if len(words) > 1:
                        break
            start += len(line) + 1
        return cuts

    # -- reading -----------------------------------------------------------------------
    def _read(self, found, text, start, piece, size=None):
        """Read what stands at a piece of a text that may start a term."""
        count = (self._hot[piece] - 1) * _PIECES_A_WORD
        if size or piece[-1] in _HYPHENS:
            count += _MOST_PIECES
        end = start + len(piece)
        if count:
            end = _pieces(count).match(text, start).end()
        self._scan(found, text[start:end], start, size or len(piece))

    def _scan(self, found, text, offset, size):
        """Note the terms that start in the first characters of a text.

        :param dict found: {(term, start): end}, filled here
        """
        letters, positions = base_letters(text)
        limit = bisect_left(positions, size) if positions else size
        for term, start, end in self._candidates(letters, limit):
            for forms in term.more:
                end = end and _follow(letters, end, forms, term)
            if not end:
                continue
            if apart := _APART.match(letters, end):
                end = apart.end()
            if positions:
                start, end = positions[start], positions[end - 1] + 1
            key = term.id, offset + start
            found[key] = max(offset + end, found.get(key, 0))

    def _candidates(self, letters, limit):
        """Yield (term, start, end) of the first words of terms that start before a
        limit; of a cut word or one with a non-joiner there are several readings."""
        for match in _WORD.finditer(letters):
            start = match.start()
            if start >= limit:
                break
            if match[0].isalnum():
                for term, __ in self._fitting(match[0]):
                    yield term, start, match.end()
                continue
            for inner in _starts(match):
                for word, end, is_part in _readings(letters, inner):
                    for term, __ in self._fitting(word):
                        if term.more or not is_part:
                            yield term, inner, end
        head = letters[: limit + 2]
        if "-" in head or "\n" in head:
            yield from self._cut_candidates(letters, limit)

    def _cut_candidates(self, letters, limit):
        """Yield the same of words that a hyphen or the end of a line cuts."""
        for chain in _CUT_WORDS.finditer(letters):
            pieces = list(_FIRST_PIECE.finditer(letters, *chain.span()))
            for first, piece in enumerate(pieces):
                if piece.start() >= limit:
                    return
                word = _NO_LETTERS.sub("", piece[0])
                beyond = len(word)
                for other in pieces[first + 1 : first + _MOST_PIECES]:
                    word += _NO_LETTERS.sub("", other[0])
                    for term, size in self._fitting(word):
                        # What ends before the cut is a word without it.
                        if size > beyond:
                            yield term, piece.start(), other.end()

    def _fitting(self, word):
        """Yield (term, letters of the stem) of terms whose first word this may be."""
        for size in self._sizes:
            for stem, forms in self._heads.get(word[:size], {}).items():
                if not word.startswith(stem):
                    continue
                for endings, term in forms:
                    if endings.fullmatch(word, len(stem)) and not term.excepts(word):
                        yield term, len(stem)


def _sorted(found):
    matches = (Match(*key, end) for key, end in found.items())
    return sorted(matches, key=lambda m: (m.start, m.end, str(m.term_id)))


def _positions(text, piece):
    """Yield where a piece stands between white space."""
    start, size = text.find(piece), len(piece)
    while start >= 0:
        end = start + size
        if (not start or text[start - 1].isspace()) and (
            end == len(text) or text[end].isspace()
        ):
            yield start
        start = text.find(piece, start + 1)


@lru_cache(maxsize=64)
def _pieces(count):
    """Return a pattern of a piece and the ``count`` next ones."""
    return re.compile(rf"\S+(?:\s+\S+){{0,{count}}}")


def _starts(match):
    """Yield where a word starts, and its parts in Arabic script: a non-joiner stands
    where others put a space, as in «به‌دادگاه»."""
    yield match.start()
    if NON_JOINER in match[0] and _ARABIC.match(match[0]):
        for joint in re.finditer(rf"{NON_JOINER}+(?=\w)", match[0]):
            yield match.start() + joint.end()


def _follow(letters, end, forms, term):
    """Return where the next word of a phrase ends, None when another one follows."""
    gap = _GAP.match(letters, end)
    if not gap:
        return None
    for word, stop, __ in _readings(letters, gap.end()):
        if not term.excepts(word) and any(
            word.startswith(stem) and endings.fullmatch(word, len(stem))
            for stem, endings in forms
        ):
            return stop
    return None


def _readings(letters, start):
    """Yield (word, end, whether it goes on) for the ways to read what starts here:
    all of it, and what stands before a hyphen at a line's end or a non-joiner."""
    whole = _WORD.match(letters, start)
    if not whole:
        return
    word = whole[0].rstrip(_UNSEEN)
    yield _NO_LETTERS.sub("", word), start + len(word), False
    piece = _FIRST_PIECE.match(letters, start)[0].rstrip(_UNSEEN)
    if len(piece) < len(word):
        yield _NO_LETTERS.sub("", piece), start + len(piece), True
    if NON_JOINER in piece and _ARABIC.match(piece):
        part = piece.partition(NON_JOINER)[0]
        yield _NO_LETTERS.sub("", part), start + len(part), False


def _plain(text):
    """Return the letters alone, as they stand in the words of a text."""
    return _NO_LETTERS.sub("", base_letters(text)[0])


def _spellings(lang, text):
    """Return the ways to write a term, each as its words.

    Parts of a Persian word stand together, with a non-joiner or with a space.
    """
    text = re.sub(r"['’ʼ]\w*", "", text.lower())
    if lang != "fa":
        words = re.split(r"[\s\-]+", text.strip())
        return [words] if any(words) else []
    parts = re.split(rf"[\s{NON_JOINER}]+", text.strip())
    if not any(parts):
        return []
    if len(parts) > _MOST_JOINTS + 1:
        return [parts]
    return [
        "".join(map("".join, zip(parts, (*joints, ""), strict=True))).split(" ")
        for joints in itertools.product((" ", ""), repeat=len(parts) - 1)
    ]


def _read_exceptions(text):
    """Return (whole words, beginnings of words) of a list of exceptions."""
    words = [word.strip() for word in re.split(r"[,;،؛\n]", text or "")]
    exact = frozenset(_plain(word) for word in words if not word.endswith("*"))
    heads = (_plain(word) for word in words if word.endswith("*"))
    return exact, tuple(filter(None, heads))
