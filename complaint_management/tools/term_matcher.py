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

from .term_spelling import plain, read_exceptions, spellings
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
# The end of a piece in which a cut word may start.
_TAIL = re.compile(rf"[\w\-{_UNSEEN}]*$")
# What may stand between the words of a phrase.
_GAP = re.compile(rf"(?:'\w{{1,6}})?[\s\-–'\"«»“”„()\[\]/{_UNSEEN}]{{1,6}}")
# "BTK'ya", "lawyer's": an ending that stands apart.
_APART = re.compile(rf"[{SKIP}]?'\w{{1,6}}(?!\w)")
_ARABIC = re.compile(r"[\u0600-\u06ff]")
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
    number: int
    # of each word after the first one: [(stem, endings), …]
    more: tuple
    # whether a later word is the one that says most, as in "to the press"
    is_keyed: bool
    exceptions: tuple

    def excepts(self, word):
        exact, heads = self.exceptions
        return word in exact or word.startswith(heads)


class _Hot(NamedTuple):
    """What is known of a piece of a text that may start a term."""

    # words of the longest term
    count: int
    # numbers of the terms, one of whose key words must be in the text; None: no need
    needs: frozenset | None


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
        # {first letters: {stem: [(endings, term), …]}} of first words and of key words
        self._heads, self._keys = {}, {}
        # Beginnings of stems: with them a word may be cut.
        self._openings = set()
        self._numbers = itertools.count()
        for term_id, lang, text, *rest in terms:
            mode, exceptions = (*rest, "", "")[:2]
            self._add(term_id, lang, text, mode, read_exceptions(exceptions))
        self._marks = {*self._heads, *self._keys}
        self._sizes = sorted(set(map(len, self._marks)), reverse=True)
        self._forget()

    def _forget(self):
        """Forget what pieces of texts are: those that say nothing, {piece: _Hot},
        {piece: numbers of terms whose key word it has}, and what may be a cut word."""
        self._cold, self._hot, self._keyed, self._open = set(), {}, {}, set()

    def find(self, text):
        """Return the matches in a text, in its order; terms may share words."""
        text = text or ""
        pieces = set(text.split())
        fresh = pieces - self._cold
        if not fresh:
            return []
        self._judge(fresh)
        cuts = ()
        if "\n" in text and not fresh.isdisjoint(self._open):
            cuts = self._find_cuts(text)
            self._judge(piece for piece, *__ in cuts)
        found = {}
        for piece in self._choose_pieces(fresh, bool(cuts)):
            for start in _positions(text, piece):
                self._read(found, text, start, piece)
        for piece, start, size in cuts:
            if piece in self._hot:
                self._read(found, text, start, piece, size)
        return _sorted(found)

    def _choose_pieces(self, pieces, has_cuts):
        """Return the pieces to read: of phrases such as "to the press" only those
        whose key word is somewhere in the text too."""
        hot = self._hot.keys() & pieces
        if has_cuts or all(self._hot[piece].needs is None for piece in hot):
            return hot
        keys = frozenset().union(*(self._keyed[p] for p in self._keyed.keys() & pieces))
        return [
            piece
            for piece in hot
            if self._hot[piece].needs is None
            or not keys.isdisjoint(self._hot[piece].needs)
        ]

    def find_slowly(self, text):
        """Return the same as :meth:`find`, reading every letter: what tests ask."""
        found = {}
        self._scan(found, text, 0, len(text))
        return _sorted(found)

    # -- making ready ----------------------------------------------------------------
    def _add(self, term_id, lang, text, mode, exceptions):
        for spelling in spellings(lang, text):
            forms = [
                word_forms(lang, word, plain, bends=mode != "word") for word in spelling
            ]
            if not all(forms):
                continue
            longest = max(forms, key=lambda stems: len(stems[0][0]))
            is_keyed = longest is not forms[0]
            more = tuple(forms[1:])
            term = _Term(term_id, next(self._numbers), more, is_keyed, exceptions)
            _index(self._heads, forms[0], term)
            if is_keyed:
                _index(self._keys, longest, term)
            for stem, __ in itertools.chain(*forms):
                self._openings.update(stem[:size] for size in range(1, len(stem)))

    # -- judging pieces --------------------------------------------------------------
    def _judge(self, pieces):
        """Find out once what each piece of a text may be."""
        unknown = [p for p in pieces if p not in self._hot and p not in self._cold]
        unknown = [p for p in unknown if p not in self._keyed and p not in self._open]
        if not unknown:
            return
        if len(self._cold) > _MOST_KNOWN or len(self._hot) > _MOST_KNOWN:
            self._forget()
        letters = base_letters("\n".join(unknown))[0].split("\n")
        for piece, read in zip(unknown, letters, strict=True):
            word = read.strip(_PUNCTUATION)
            # As nearly all pieces are: one word, with which no term starts.
            if word.isalnum() and read[-1] != "-" and word not in self._openings:
                for size in self._sizes:
                    if word[:size] in self._marks:
                        break
                else:
                    self._cold.add(piece)
                    continue
            self._judge_piece(piece, read, word)

    def _judge_piece(self, piece, letters, word):
        is_cold = True
        if starting := self._find_terms(word, letters, self._heads):
            is_cold, is_free = False, any(not term.is_keyed for term in starting)
            self._hot[piece] = _Hot(
                max(1 + len(term.more) for term in starting),
                None if is_free else frozenset(term.number for term in starting),
            )
        if keyed := self._find_terms(word, letters, self._keys):
            is_cold = False
            self._keyed[piece] = frozenset(term.number for term in keyed)
        if self._may_be_cut(letters):
            is_cold = False
            self._open.add(piece)
        if is_cold:
            self._cold.add(piece)

    def _find_terms(self, word, letters, index):
        """Return the terms of an index that the letters of a piece may stand for."""
        if word.isalnum():
            return [term for term, __ in self._fitting(word, index)]
        return [term for term, *__ in self._candidates(letters, len(letters), index)]

    def _may_be_cut(self, letters):
        """Tell whether a term may start at the end of a piece and go on elsewhere."""
        tail = _TAIL.search(letters)
        parts = [_NO_LETTERS.sub("", part) for part in tail[0].split("-")]
        return any(
            "".join(parts[first:]) in self._openings for first in range(len(parts))
        )

    def _find_cuts(self, text):
        """Return (piece, start, size) of what the ends of lines may cut in two or
        more; a word that starts in ``size`` characters from ``start`` goes on."""
        cuts, start = [], 0
        lines = text.split("\n")
        for number, line in enumerate(lines[:-1]):
            words = line.split()
            if words and words[-1] in self._open:
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
        count = (self._hot[piece].count - 1) * _PIECES_A_WORD
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
        for term, start, end in self._candidates(letters, limit, self._heads):
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

    def _candidates(self, letters, limit, index):
        """Yield (term, start, end) of the first words of terms that start before a
        limit; of a cut word or one with a non-joiner there are several readings."""
        for match in _WORD.finditer(letters):
            start = match.start()
            if start >= limit:
                break
            if match[0].isalnum():
                for term, __ in self._fitting(match[0], index):
                    yield term, start, match.end()
                continue
            for inner in _starts(match):
                for word, end, is_part in _readings(letters, inner):
                    for term, __ in self._fitting(word, index):
                        if term.more or not is_part:
                            yield term, inner, end
        head = letters[: limit + 2]
        if "-" in head or "\n" in head:
            yield from self._cut_candidates(letters, limit, index)

    def _cut_candidates(self, letters, limit, index):
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
                    for term, size in self._fitting(word, index):
                        # What ends before the cut is a word without it.
                        if size > beyond:
                            yield term, piece.start(), other.end()

    def _fitting(self, word, index):
        """Yield (term, letters of the stem) of terms that have this word."""
        for size in self._sizes:
            for stem, forms in index.get(word[:size], {}).items():
                if not word.startswith(stem):
                    continue
                for endings, term in forms:
                    if endings.fullmatch(word, len(stem)) and not term.excepts(word):
                        yield term, len(stem)


def _index(index, forms, term):
    for stem, endings in forms:
        stems = index.setdefault(stem[:_HEAD], {})
        stems.setdefault(stem, []).append((endings, term))


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
