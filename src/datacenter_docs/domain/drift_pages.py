"""The pages that tell how the estate moves and hangs together: changes, contradictions, dependencies, capacity."""

from dataclasses import dataclass

from datacenter_docs.domain.citing import Cite, Words


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One value of a change. None: nobody said anything of it then."""

    label: Words
    before: Cite | None
    after: Cite | None


@dataclass(frozen=True, slots=True)
class DeedRow:
    """What a ticket did: its id, the operation, and what became of it."""

    ticket: Cite
    operation: Cite
    outcome: Words


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """What happened to one resource within a day. `happened`: in words, each with the survey that found it and the values;
    `deeds`: of tickets that acted upon it shortly before.
    """

    name: Cite
    kind: Words
    happened: tuple[tuple[Words, Cite, tuple[ValueChange, ...]], ...]
    deeds: tuple[DeedRow, ...] = ()


@dataclass(frozen=True, slots=True)
class MassChange:
    """So many resources of a connection of which a survey found the same, that they are only counted."""

    number: Cite
    words: Words
    connection: Cite
    survey: Cite


@dataclass(frozen=True, slots=True)
class DayOfChanges:
    """A day on which something was found to be different."""

    day: Cite
    masses: tuple[MassChange, ...]
    groups: tuple[ChangeGroup, ...]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What changed, the newest day first. `cut`: there is more than is told. `earliest`: where the time begins; None: nothing
    ever changed.
    """

    days: tuple[DayOfChanges, ...]
    earliest: Cite | None
    cut: bool

    template = "changes"


@dataclass(frozen=True, slots=True)
class DiffPage:
    """What is different between two times, as prose."""

    groups: tuple[ChangeGroup, ...]
    cut: bool

    template = "diff"


@dataclass(frozen=True, slots=True)
class ContradictionRow:
    """Two things of which the facts do not go together."""

    left: Cite
    left_fact: Cite
    right: Cite
    right_fact: Cite
    proofs: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class ContradictionTable:
    """A rule, and where it is broken. `cut`: in more places than are listed."""

    says: Words
    left: Words
    right: Words
    rows: tuple[ContradictionRow, ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class ContradictionsPage:
    """Where two sources disagree."""

    tables: tuple[ContradictionTable, ...]

    template = "contradictions"


@dataclass(frozen=True, slots=True)
class RelationTable:
    """A rule of relations: how often it holds, between what, and examples with their proofs."""

    words: Words
    needs: Words
    number: Cite
    examples: tuple[tuple[Cite, Words, Cite, tuple[Cite, ...]], ...]


@dataclass(frozen=True, slots=True)
class DependenciesPage:
    """What hangs on what. `most`: the things on which most others stand directly, with their kind and number."""

    most: tuple[tuple[Cite, Words, Cite], ...]
    tables: tuple[RelationTable, ...]

    template = "dependencies"


@dataclass(frozen=True, slots=True)
class AffectedRow:
    """What would be affected: by what (`through`, in words), and the facts that prove that step."""

    name: Cite
    kind: Words
    words: Words
    through: Cite
    proofs: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class CapacityRow:
    """Something that can be full. None: not known; growth also where there is too little history; `days_left` also where it
    does not grow.
    """

    name: Cite
    kind: Words
    used: Cite
    size: Cite
    share: Cite
    week: Cite | None
    month: Cite | None
    days_left: Cite | None


@dataclass(frozen=True, slots=True)
class CapacityPage:
    """How full it all is, the fullest first. `sums`: what, where, how much. `cut`: there is more than is listed."""

    rows: tuple[CapacityRow, ...]
    sums: tuple[tuple[Words, Words, Cite, Cite], ...]
    cut: bool

    template = "capacity"
