"""Finds the expression that made the value of a loss NaN or infinite."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence, Set, Tuple

from .data import DataIndex, Datum, namespaces_of
from .outcome import Outcome, outcome_of
from .recorder import Recorder
from .site_table import Site, SiteTable
from .values import INFINITE, NAN, broadcast, element_at, faults, is_array, native, shape_of

# How strong a candidate is, before the order of evaluation.
_EVENT = 0  # not finite, from finite operands
_DATUM = 1  # uses a value of the data
_MADE_NAN = 2  # NaN from infinities whose origin is no expression, such as a mask
_ENTRY = 3  # uses another value that is not finite, such as a constant

_MOST_RECORDS = 100_000
_MOST_TRACKED = 200_000
_MOST_TRACKED_BYTES = 256 * 2**20
_MOST_SCANNED = 100_000
_MOST_UNUSED = 64

Key = Tuple[int, int]

_ITERATING = {"zip", "enumerate", "iter", "map", "filter", "reversed"}


@dataclass
class Candidate:
    """An expression that may be the origin. Its outcome is None while a datum has only been selected, not used."""

    site: Site
    outcome: Optional[Outcome]
    value: Any
    operands: Sequence[Any]
    datum: Optional[Datum] = None
    # The expression that computed the datum while its module was loaded.
    made_by: Optional[Candidate] = None


class Ancestry:
    """The candidates from which the NaN and the infinities of a value come."""

    __slots__ = ("owner", "nan", "infinite")

    def __init__(self, owner: Any, nan: Optional[Key], infinite: Optional[Key]) -> None:
        # Keeps the value alive, so that its identity is not used again.
        self.owner = owner
        self.nan = nan
        self.infinite = infinite

    def of(self, kind: int) -> Optional[Key]:
        own, other = (self.nan, self.infinite) if kind == NAN else (self.infinite, self.nan)
        return own if own is not None else other

    @property
    def key(self) -> Optional[Key]:
        """NaN comes first: an infinity may be intended, such as that of a mask."""
        return self.nan if self.nan is not None else self.infinite


class ForwardRecorder(Recorder):
    """
    Records the expressions with values that are not finite. Each such value, by its identity, carries the first of the
    candidates that it was computed from.

    before: what was recorded while the modules were loaded.
    """

    def __init__(self, table: SiteTable, before: Optional[ForwardRecorder] = None) -> None:
        super().__init__(table)
        self.candidates: List[Candidate] = list(before.candidates) if before else []
        self.events = list(before.events) if before else []
        self.at_load = len(self.candidates)
        self._tracked: Dict[int, Ancestry] = dict(before._tracked) if before else {}
        self._tracked_bytes = before._tracked_bytes if before else 0
        self._constants: Dict[int, Any] = {}
        self._consumed: Set[int] = set()
        # Those that values of unknown origin may come from.
        self._first_events: List[Key] = []
        # Quotients by an infinity, with the divisor and its ancestor.
        self._absorbed: Dict[int, Tuple[Any, Any, Key]] = {}
        self._iterated: List[Any] = []
        self._last: Dict[int, Key] = {}
        self._data: Optional[DataIndex] = None
        self._is_load = before is None
        self.watching = bool(self._tracked)

    # Recording.

    def examine(self, site: int, value: Any, operands: Sequence[Any], mark: int) -> Any:
        if type(value) is float and value != value and self._is_inherited(value, operands):
            return value
        place = self.table.sites[site]
        kind = faults(value)
        if not kind:
            if self.watching:
                self._absorb(place, value, operands)
            return value
        self.watching = True
        if id(value) in self._tracked:
            return value
        kinds = [faults(operand) for operand in operands]
        if not any(kinds):
            kinds = [faults(operand, 4, _MOST_SCANNED) if isinstance(operand, (list, tuple, dict)) else 0 for operand in operands]
        if any(kinds):
            self._flow(place, value, kind, operands, kinds)
        else:
            self._from_finite(place, value, kind, operands, mark)
        return value

    def iterated(self, value: Any) -> None:
        if is_array(value) and len(self._iterated) < 100 and faults(value):
            if not any(value is other for other in self._iterated):
                self._iterated.append(value)

    def stored(self, container: Any, value: Any) -> None:
        kind = faults(value)
        if kind and not isinstance(container, dict):
            ancestry = self._tracked.get(id(value))
            if ancestry:
                self._join(container, ancestry.nan, ancestry.infinite)

    # The outcome.

    def origin(self, value: Any) -> Optional[Candidate]:
        """
        The candidate from which a value that is not finite comes; None if nothing was recorded.

        value: the loss, or None if it is not known.
        """
        key = None
        kind = faults(value)
        if kind:
            ancestry = self._tracked.get(id(value))
            key = ancestry.key if ancestry else self._last.get(NAN if kind & NAN else INFINITE)
            if key is None and not ancestry:
                key = self._ancestor_of(None, value, kind).key
        if key is None and (value is None or kind):
            key = self._last.get(NAN) or self._last.get(INFINITE)
        return None if key is None else self.candidates[key[1]]

    def is_event(self, candidate: Candidate) -> bool:
        """Whether its operands are finite."""
        return any(rank == _EVENT and self.candidates[at] is candidate for rank, at in self.events)

    @property
    def data(self) -> DataIndex:
        if self._data is None:
            self._data = DataIndex(self.table, namespaces_of(self.table))
        return self._data

    def _is_inherited(self, value: float, operands: Sequence[Any]) -> bool:
        """Tracks a NaN whose origin is that of the operands with NaN. Only saves time: it is frequent after the first NaN."""
        key = None
        for operand in operands:
            if type(operand) is not float:
                if type(operand) is not int:
                    return False
            elif operand != operand:
                ancestry = self._tracked.get(id(operand))
                if ancestry is None or ancestry.nan is None or ancestry.nan[1] < self.at_load:
                    return False
                if ancestry.nan[0] == _DATUM and self.candidates[ancestry.nan[1]].outcome is None:
                    return False
                key = ancestry.nan if key is None or ancestry.nan < key else key
        if key is None:
            return False
        self._consumed.add(key[1])
        self._last[NAN] = key
        self._tracked[id(value)] = Ancestry(value, key, None)
        self._limit()
        return True

    # Values from finite operands.

    def _from_finite(self, site: Site, value: Any, kind: int, operands: Sequence[Any], mark: int) -> None:
        inner = self.events[mark:]
        if inner:
            first = min(inner)
            self._track(value, first if kind & NAN else None, first if kind & INFINITE else None)
            return
        # A container of another kind than those that are searched, such as a deque.
        known = [self._tracked[id(operand)] for operand in operands if id(operand) in self._tracked]
        if known:
            nan, infinite = (_first(one.of(fault) for one in known) for fault in (NAN, INFINITE))
            self._track(value, nan if kind & NAN else None, infinite if kind & INFINITE else None)
            return
        if site.operation == "pass" or self._is_user_call(site, operands):
            return
        if site.operation == "call" and site.name == "float" and any(isinstance(o, str) for o in operands):
            self._constants[id(value)] = value
            return
        if site.operation == "negation":
            return
        self._event(site, value, kind, operands)

    def _event(self, site: Site, value: Any, kind: int, operands: Sequence[Any]) -> Optional[Key]:
        outcome = outcome_of(site, value, operands)
        if outcome is None:
            return None
        key = self._overflow_before(operands, outcome)
        if key is None:
            key = self._add(_EVENT, Candidate(site, outcome, value, operands))
            if key is None:
                return None
        self._track(value, key if kind & NAN else None, key if kind & INFINITE else None)
        return key

    def _is_user_call(self, site: Site, operands: Sequence[Any]) -> bool:
        """Whether the value comes from code that is recorded itself."""
        if site.operation != "call" or not operands:
            return False
        if site.calls_name:
            return self._is_user_code(operands[0])
        return site.is_method and self._is_user_code(getattr(type(operands[0]), site.name, None))

    def _is_user_code(self, function: Any) -> bool:
        for _ in range(10):
            code = getattr(function, "__code__", None)
            if code is not None and code.co_filename in self.table.paths:
                return True
            if isinstance(function, type):
                function = function.__init__
                continue
            inner = getattr(function, "__wrapped__", None) or getattr(function, "func", None)
            inner = inner or getattr(function, "__func__", None)
            if inner is None:
                call = getattr(type(function), "__call__", None)
                inner = call if getattr(call, "__code__", None) is not None else None
            if inner is None:
                return False
            function = inner
        return False

    # Values from operands that are not finite.

    def _flow(self, site: Site, value: Any, kind: int, operands: Sequence[Any], kinds: Sequence[int]) -> None:
        if site.operation == "pass":
            self._pass(site, value, kind, operands, kinds[0])
            return
        if site.operation == "negation" and id(operands[0]) not in self._tracked and self._is_constant(operands[0]):
            self._constants[id(value)] = value
            return
        ancestors = [
            self._ancestor_of(site, operand, operand_kind)
            for operand, operand_kind in zip(operands, kinds)
            if operand_kind
        ]
        unknown = [one.owner for one in ancestors if one.key is None and not self._is_constant(one.owner)]
        self._use_data(site, value, operands, ancestors)
        nan = infinite = None
        has_nan = any(operand_kind & NAN for operand_kind in kinds)
        # An element whose own operands are finite is an origin, whatever the others are.
        outcome = outcome_of(site, value, operands)
        if outcome is not None and outcome.is_by_element and outcome.is_origin and outcome.index != ():
            key = self._overflow_before(operands, outcome)
            key = key or self._add(_EVENT, Candidate(site, outcome, value, operands))
            if key is not None:
                is_nan = isinstance(outcome.result, float) and math.isnan(outcome.result)
                nan, infinite = (key, None) if is_nan else (None, key)
        if kind & NAN and nan is None:
            if has_nan:
                nan = _first(ancestor.of(NAN) for ancestor in ancestors)
            else:
                nan = _first(ancestor.of(INFINITE) for ancestor in ancestors)
                if nan is None or nan[0] > _DATUM:
                    nan = self._entry(_MADE_NAN, site, value, operands) or nan
            if nan is None:
                nan = self._entry(_ENTRY, site, value, operands)
        if kind & INFINITE:
            inherited = _first(ancestor.of(INFINITE) for ancestor in ancestors)
            infinite = _first([infinite, inherited])
            if infinite is None:
                infinite = self._entry(_ENTRY, site, value, operands)
        for operand in unknown:
            # Later uses are not the first one.
            self._track(operand, nan, infinite)
        self._track(value, nan, infinite)

    def _pass(self, site: Site, value: Any, kind: int, operands: Sequence[Any], whole: int) -> None:
        container = operands[0]
        ancestry = self._tracked.get(id(container))
        datum = None if self._is_load or not whole else self._datum_of(site, value, operands)
        if datum is not None:
            self._datum(site, value, kind, datum, ancestry)
        elif ancestry is not None:
            self._consume(ancestry)
            self._track(value, ancestry.of(NAN) if kind & NAN else None, ancestry.of(INFINITE) if kind & INFINITE else None)

    def _datum_of(self, site: Site, value: Any, operands: Sequence[Any]) -> Optional[Datum]:
        found = self.data.match(value)
        if found is None and len(operands) > 1:
            found = self.data.match_element(operands[0], operands[1])
        if found is None and is_array(value):
            found = self.data.match(operands[0])
        return found

    def _ancestor_of(self, site: Optional[Site], operand: Any, kind: int) -> Ancestry:
        ancestry = self._tracked.get(id(operand))
        if ancestry is not None:
            self._consume(ancestry)
            if self._is_load or not self._is_before_evaluation(ancestry):
                return ancestry
        if not self._is_load:
            datum = self.data.match(operand) or (
                self.data.match_container(operand) if isinstance(operand, (list, tuple, dict)) else None
            )
            if datum is not None and site is not None:
                return self._datum(site, operand, kind, datum, ancestry)
        if ancestry is not None:
            return ancestry
        if isinstance(operand, (list, tuple, dict)):
            return self._ancestor_of_elements(site, operand)
        if self._is_constant(operand):
            return Ancestry(operand, None, None)
        for array in reversed(self._iterated):
            if faults(array) & kind:
                return self._ancestor_of(site, array, kind)
        key = next((key for key in self._first_events if key[1] not in self._consumed), None)
        return Ancestry(operand, key if kind & NAN else None, key if kind & INFINITE else None)

    def _ancestor_of_elements(self, site: Optional[Site], operand: Any) -> Ancestry:
        elements = operand.values() if isinstance(operand, dict) else operand
        found = [
            self._ancestor_of(site, element, faults(element))
            for element in list(elements)[:_MOST_SCANNED]
            if faults(element)
        ]
        return Ancestry(operand, _first(one.nan for one in found), _first(one.infinite for one in found))

    def _is_before_evaluation(self, ancestry: Ancestry) -> bool:
        key = ancestry.key
        return key is not None and key[1] < self.at_load

    def _datum(
        self, site: Site, operand: Any, kind: int, datum: Datum, before: Optional[Ancestry]
    ) -> Ancestry:
        made_by = None
        if before is not None and before.key is not None and before.key[0] == _EVENT:
            maker = self.candidates[before.key[1]]
            made_by = maker if maker.outcome is not None and maker.outcome.inputs else None
        key = self._add(_DATUM, Candidate(site, None, operand, (), datum, made_by))
        self._track(operand, key if kind & NAN else None, key if kind & INFINITE else None)
        return Ancestry(operand, key if kind & NAN else None, key if kind & INFINITE else None)

    def _use_data(self, site: Site, value: Any, operands: Sequence[Any], ancestors: Sequence[Ancestry]) -> None:
        """Sets the expression that uses a datum first."""
        for ancestor in ancestors:
            for key in (ancestor.nan, ancestor.infinite):
                if key is not None and key[0] == _DATUM and self.candidates[key[1]].outcome is None:
                    candidate = self.candidates[key[1]]
                    candidate.site, candidate.value, candidate.operands = site, value, operands
                    candidate.outcome = outcome_of(site, value, operands)

    def _is_constant(self, value: Any) -> bool:
        if not isinstance(value, float):
            return False
        return id(value) in self._constants or value is math.inf or value is math.nan or self._is_package_constant(value)

    @staticmethod
    def _is_package_constant(value: Any) -> bool:
        for name in ("numpy", "torch"):
            package = sys.modules.get(name)
            if package is not None and (value is getattr(package, "inf", 0) or value is getattr(package, "nan", 0)):
                return True
        return False

    # Finite values.

    def _absorb(self, site: Site, value: Any, operands: Sequence[Any]) -> None:
        """Operands that are not finite have no effect on a finite value, except through a quotient of 0."""
        for number, operand in enumerate(operands):
            ancestry = self._tracked.get(id(operand))
            if ancestry is None:
                continue
            self._consume(ancestry)
            if site.operation == "/" and number == 1 and ancestry.infinite and len(self._absorbed) < _MOST_TRACKED:
                self._absorbed[id(value)] = (value, operand, ancestry.infinite)
            if site.operation == "call" and site.is_method and value is None:
                # Such as `values.append(x)`.
                self._join(operands[0], ancestry.nan, ancestry.infinite)
        if site.operation == "call" and site.name in _ITERATING:
            for operand in operands:
                self.iterated(operand)

    def _overflow_before(self, operands: Sequence[Any], outcome: Outcome) -> Optional[Key]:
        """The overflow whose infinity became an operand of 0 in a quotient; None if there is none."""
        for operand in operands:
            found = self._absorbed.get(id(operand))
            if found is None or outcome.index is None:
                continue
            _, divisor, key = found
            array = native(divisor)
            if array is not None and broadcast([shape_of(array), shape_of(native(operand))]) == shape_of(native(operand)):
                element = element_at(array, outcome.index)
                if isinstance(element, float) and math.isinf(element):
                    return key
        return None

    # Bookkeeping.

    def _add(self, rank: int, candidate: Candidate) -> Optional[Key]:
        if len(self.candidates) >= _MOST_RECORDS:
            return None
        self.candidates.append(candidate)
        key = (rank, len(self.candidates) - 1)
        self.events.append(key)
        if rank == _EVENT and len(self._first_events) < _MOST_UNUSED:
            self._first_events.append(key)
        return key

    def _entry(self, rank: int, site: Site, value: Any, operands: Sequence[Any]) -> Optional[Key]:
        outcome = outcome_of(site, value, operands, rank == _MADE_NAN)
        return None if outcome is None else self._add(rank, Candidate(site, outcome, value, operands))

    def _consume(self, ancestry: Ancestry) -> None:
        for key in (ancestry.nan, ancestry.infinite):
            if key is not None:
                self._consumed.add(key[1])

    def _join(self, value: Any, nan: Optional[Key], infinite: Optional[Key]) -> None:
        known = self._tracked.get(id(value))
        if known:
            known.nan, known.infinite = _first([known.nan, nan]), _first([known.infinite, infinite])
        else:
            self._tracked[id(value)] = Ancestry(value, nan, infinite)

    def _track(self, value: Any, nan: Optional[Key], infinite: Optional[Key]) -> None:
        if nan is not None:
            self._last[NAN] = nan
        if infinite is not None:
            self._last[INFINITE] = infinite
        self._tracked[id(value)] = Ancestry(value, nan, infinite)
        if isinstance(value, (list, tuple)):
            for element in value:
                kind = faults(element)
                if kind and id(element) not in self._tracked:
                    self._track(element, nan if kind & NAN else None, infinite if kind & INFINITE else None)
        self._tracked_bytes += int(getattr(value, "nbytes", 0) or 0)
        self._limit()

    def _limit(self) -> None:
        if len(self._tracked) > _MOST_TRACKED or self._tracked_bytes > _MOST_TRACKED_BYTES:
            for identity in list(self._tracked)[: len(self._tracked) // 2]:
                self._tracked_bytes -= int(getattr(self._tracked.pop(identity).owner, "nbytes", 0) or 0)


def _first(keys: Any) -> Optional[Key]:
    return min((key for key in keys if key is not None), default=None)
