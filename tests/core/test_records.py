"""Records made quickly against the very same dataclass made the ordinary way."""

import copy
import dataclasses
import pickle
from dataclasses import dataclass, field

import pytest

from core.recommendation import Cost, Gate, Option
from core.records import changed, quickly_made


@dataclass(frozen=True, slots=True)
class Ordinary:
    number: int
    text: str
    rest: tuple[int, ...] = ()


@quickly_made
@dataclass(frozen=True, slots=True)
class Quick:
    number: int
    text: str
    rest: tuple[int, ...] = ()


def test_a_quick_record_is_what_the_dataclass_would_be() -> None:
    for given in ((1, "a"), (1, "a", (2, 3))):
        quick, ordinary = Quick(*given), Ordinary(*given)
        assert type(quick) is Quick
        assert dataclasses.astuple(quick) == dataclasses.astuple(ordinary)
        assert repr(quick) == repr(ordinary).replace("Ordinary", "Quick")
        assert hash(quick) == hash(ordinary)
        assert quick == Quick(*given)
        assert quick != Quick(7, "a")
    assert Quick(text="b", number=2) == Quick(2, "b", ())


def test_it_is_frozen_and_takes_no_further_fields() -> None:
    quick = Quick(1, "a")
    with pytest.raises(dataclasses.FrozenInstanceError):
        quick.number = 2  # type: ignore[misc]  # what is tested
    with pytest.raises((AttributeError, TypeError)):  # which one depends on Python's version
        quick.other = 2  # type: ignore[attr-defined]  # what is tested
    assert quick.number == 1


@pytest.mark.parametrize("given", [(), (1,), (1, "a", (), 4)])
def test_wrong_numbers_of_fields_are_refused(given: tuple[object, ...]) -> None:
    with pytest.raises(TypeError, match=r"Quick\.__init__\(\)"):
        Quick(*given)  # type: ignore[arg-type]  # what is tested


def test_it_can_be_copied_and_sent_to_another_process() -> None:
    quick = Quick(1, "a", (2,))
    assert copy.deepcopy(quick) == quick
    assert pickle.loads(pickle.dumps(quick)) == quick


def test_changed_is_the_standard_replace() -> None:
    quick = Quick(1, "a", (2,))
    assert changed(quick) == quick
    assert changed(quick, number=5) == dataclasses.replace(quick, number=5)
    assert changed(quick, text="b", rest=()) == Quick(1, "b")
    with pytest.raises(TypeError, match="other"):
        changed(quick, other=1)  # type: ignore[call-arg]  # what is tested


def test_only_plain_records_with_slots_are_taken() -> None:
    @dataclass(frozen=True)
    class WithoutSlots:
        number: int

    @dataclass(frozen=True, slots=True)
    class WithFactory:
        numbers: list[int] = field(default_factory=list)

    @dataclass(frozen=True, slots=True)
    class WithCheck:
        number: int

        def __post_init__(self) -> None:
            raise AssertionError

    @dataclass(frozen=True, slots=True)
    class Derived(Ordinary):
        more: int = 0

    for cls in (WithoutSlots, WithFactory, WithCheck, Derived, int):
        with pytest.raises(TypeError):
            quickly_made(cls)


@pytest.mark.parametrize("cls", [Gate, Cost, Option])
def test_the_answers_records_keep_their_order_of_fields(cls: type) -> None:
    names = [f.name for f in dataclasses.fields(cls)]
    record = cls(*names)
    assert [getattr(record, name) for name in names] == names
