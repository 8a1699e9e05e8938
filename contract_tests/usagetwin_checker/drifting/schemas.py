"""Two schemas, keyword by keyword and part by part: what changed, and whom it breaks.

Rule: what a request may be may grow, and what an answer may be may shrink; anything else breaks somebody.
What the overlay already took from the prose counts as if the old document's schema said it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from usagetwin_checker.drifting.changes import Change, Kind
from usagetwin_checker.drifting.edition import DEEPEST_REFERENCE, Place
from usagetwin_checker.drifting.keywords import WORDS, Reach, plain, reach
from usagetwin_checker.drifting.written import shown

OTHERS: Final = "additionalProperties"
PARTS: Final = {"items": "[]", OTHERS: ".*"}  # keywords with one schema, as they are shown
ELSEWHERE: Final = (*PARTS, "properties", "description")
Prose = Callable[[Place | None, Place | None], Iterator[Change]]


@dataclass(frozen=True, slots=True)
class Sides:
    """One schema in both documents, and in the old one with the overlay; `owner` is the part it is about.

    `old` is None where the overlay alone has it, `said` where the overlay has it neither.
    """

    name: str
    old: Place | None
    new: Place
    said: Place | None
    owner: str

    @property
    def before(self) -> Place | None:
        """Give what the newer schema is compared with."""
        return self.old if self.old is not None else self.said

    def below(self, *keys: str, shown_as: str, new: Place) -> "Sides":
        """Give a part of it."""
        old = None if self.old is None else self.old.child(*keys)
        said = None if self.said is None else self.said.child(*keys)
        return Sides(f"{self.name}{shown_as}", old, new, said, self.owner)


@dataclass(frozen=True)
class Schemas:
    """A comparison of the schemas of answers, or of requests; `prose` compares two descriptions."""

    answer: bool
    prose: Prose
    pointers: dict[str, str]
    seen: set[tuple[str, str]] = field(default_factory=set)

    def changes(self, sides: Sides) -> Iterator[Change]:
        """Give what changed from one schema to another."""
        spoken, new = sides.new, _unfolded(sides.new)
        old, sides = sides.old, replace(sides, new=new)
        for each in (spoken, new) if new is not spoken else (new,):
            yield from self._beside(sides, each)
        if old is not None:
            if (old.pointer, new.pointer) in self.seen:
                return
            self.seen.add((old.pointer, new.pointer))
            self.pointers[old.pointer] = new.pointer
            sides = replace(sides, owner=old.pointer if old.get("description") else sides.owner)
            yield from self.prose(old, spoken if spoken.get("description") else new)
        yield from self._keywords(sides)
        yield from self._properties(sides)
        for part, shown_as in PARTS.items():
            yield from self._part(part, shown_as, sides)

    def _keywords(self, sides: Sides) -> Iterator[Change]:
        was, is_ = _schema(sides.before), _schema(sides.new)
        already = was if sides.said is None else _schema(sides.said)
        for keyword in dict.fromkeys((*was, *is_)):
            if keyword in ELSEWHERE or (sides.old is None and keyword not in is_):
                continue
            if sides.old is not None and keyword in was and keyword in is_:
                self.pointers[f"{sides.old.pointer}/{keyword}"] = f"{sides.new.pointer}/{keyword}"
            if was.get(keyword) != is_.get(keyword):
                kind = self._kind(keyword, was, is_, already)
                if kind is not None:
                    yield _change(kind, keyword, sides, was, is_)

    def _beside(self, sides: Sides, new: Place) -> Iterator[Change]:
        """Compare the keywords beside a reference; OpenAPI 3.0 ignores them."""
        was = _schema(sides.before)
        already = was if sides.said is None else _schema(sides.said)
        for pointer, keyword, value in new.beside if str(new.root.get("openapi")).startswith("3.1") else ():
            said = plain({keyword: value})
            if (
                keyword in said
                and keyword not in (*WORDS, "description")
                and was.get(keyword) != said[keyword]
            ):
                kind = Kind.BREAKING if keyword in ELSEWHERE else self._kind(keyword, was, said, already)
                if kind is not None:
                    about = f"{sides.name} has {keyword} {shown(value)} beside its $ref"
                    yield Change(kind, about, None, pointer, sides.owner, is_=shown(value))

    def _kind(
        self, keyword: str, was: dict[str, Any], is_: dict[str, Any], already: dict[str, Any]
    ) -> Kind | None:
        if keyword in WORDS:
            return Kind.PROSE
        if is_.get(keyword) == already.get(keyword):
            return Kind.COMPATIBLE
        if keyword == "default":  # of a request the prose has one, or there is none
            return Kind.COMPATIBLE if self.answer else Kind.BREAKING
        moved = reach(keyword, already.get(keyword, was.get(keyword)), is_.get(keyword))
        if moved is Reach.SAME:
            return None
        harmless = Reach.LESS if self.answer else Reach.MORE
        return Kind.COMPATIBLE if moved is harmless else Kind.BREAKING

    def _properties(self, sides: Sides) -> Iterator[Change]:
        had, has = dict(_properties(sides.before)), dict(_properties(sides.new))
        known = dict(_properties(sides.said))
        if sides.old is not None and had and has:
            self.pointers[f"{sides.old.pointer}/properties"] = f"{sides.new.pointer}/properties"
        for name in dict.fromkeys((*had, *has)):
            at = f"{sides.name}.{name}"
            if name not in has and sides.old is None:
                continue
            if name not in has:
                kind = Kind.BREAKING if not self.answer or _promised(sides.before, name) else Kind.COMPATIBLE
                pointer = had[name].pointer
                yield Change(kind, f"{at} is gone", pointer, None, pointer, was=shown(had[name].value))
            elif name in had or name in known:
                part = sides.below("properties", name, shown_as=f".{name}", new=has[name])
                if name not in had:
                    about = f"the schema has {at}, as the prose says"
                    yield Change(Kind.COMPATIBLE, about, None, part.new.pointer, sides.owner)
                yield from self.changes(part)
            else:
                yield self._field(at, sides, has[name])

    def _field(self, at: str, sides: Sides, new: Place) -> Change:
        """Give a field that came: of an answer it has to be what the old document allows of any other."""
        others, value = _others(sides.before) if self.answer else None, shown(new.value)
        if others is not None:
            alone = Schemas(answer=True, prose=lambda _old, _new: iter(()), pointers={})
            found = alone.changes(Sides(at, others, new, None, others.pointer))
            why = next((change.about for change in found if change.kind is Kind.BREAKING), None)
            if why is not None:
                about = f"{at} is new, and is not as other fields are: {why}"
                return Change(Kind.BREAKING, about, None, new.pointer, others.pointer, is_=value)
        return Change(Kind.NEW, f"{at} is new", None, new.pointer, is_=value)

    def _part(self, part: str, shown_as: str, sides: Sides) -> Iterator[Change]:
        had = None if sides.before is None else sides.before.child(part)
        has = sides.new.child(part)
        if had is None and has is None:
            return
        if part == OTHERS and has is not None and has.value is False:
            yield from self._no_others(sides, had, has)
            return
        new = has or _anything(f"{sides.new.pointer}/{part}")
        below = sides.below(part, shown_as=shown_as, new=new)
        yield from self.changes(replace(below, old=_anything("")) if below.before is None else below)

    def _no_others(self, sides: Sides, had: Place | None, has: Place) -> Iterator[Change]:
        """Tell that there are no other fields: of an answer that is less, unless the document had some."""
        if had is None or had.value is not has.value:
            kind = Kind.COMPATIBLE if self.answer and had is None else Kind.BREAKING
            before, was = (None, "") if had is None else (had.pointer, shown(had.value))
            about = f"{sides.name} has no other fields"
            yield Change(kind, about, before, has.pointer, sides.owner, was=was, is_=shown(has.value))


def _unfolded(place: Place) -> Place:
    """Give the one schema of an `allOf` with nothing but words beside it; any other as it is."""
    for _ in range(DEEPEST_REFERENCE):
        beside = place.value.keys() - WORDS - {"description"} if isinstance(place.value, dict) else ()
        listed = place.get("allOf")
        only = place.child("allOf", 0) if beside == {"allOf"} and isinstance(listed, list) else None
        if only is None or len(listed) > 1:
            return place
        place = only
    return place


def _anything(pointer: str) -> Place:
    """Give the schema that is not there, which allows anything."""
    return Place({}, pointer, {})


def _properties(place: Place | None) -> Iterator[tuple[Any, Place]]:
    part = None if place is None else place.child("properties")
    return iter(()) if part is None else part.children()


def _others(place: Place | None) -> Place | None:
    return None if place is None else place.child(OTHERS)


def _promised(place: Place | None, name: str) -> bool:
    return place is not None and name in (place.get("required") or ())


def _schema(place: Place | None) -> dict[str, Any]:
    """Give a schema as a mapping; true allows anything, false nothing."""
    value = None if place is None else place.value
    if value is False:
        return {"not": {}}
    return plain(value) if isinstance(value, dict) else {}


def _at(place: Place, keyword: str) -> str:
    """Give where a schema has a keyword: one that is false or true has it where it stands itself."""
    return f"{place.pointer}/{keyword}" if isinstance(place.value, dict) else place.pointer


def _change(kind: Kind, keyword: str, sides: Sides, was: dict[str, Any], is_: dict[str, Any]) -> Change:
    old, new = shown(was[keyword]) if keyword in was else "", shown(is_[keyword]) if keyword in is_ else ""
    if not new:
        about = f"{keyword} of {sides.name} is gone"
    elif not old:
        about = f"{sides.name} has {keyword} {new}"
    else:
        about = f"{keyword} of {sides.name} is {new}, and was {old}"
    before = f"{sides.old.pointer}/{keyword}" if sides.old is not None and old else None
    after = _at(sides.new, keyword) if new else None
    return Change(kind, about, before, after, sides.owner, was=old, is_=new)
