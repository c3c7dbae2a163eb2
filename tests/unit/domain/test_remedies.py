"""What people say helped: one word is hearsay, a second one on another ticket confirms it."""

from typing import Any

from tests.fakes.samples import a_feedback

from datacenter_docs.domain.feedback import Feedback
from datacenter_docs.domain.remedies import LONGEST, remedies


def word(
    number: int, author: str, text: str | None = None, taken: list[Any] | None = None
) -> Feedback:
    return a_feedback(
        f"F-{number}-{author}",
        f"T-{number}",
        author=author,
        actual_resolution=text,
        actual_actions_taken=taken,
    )


def test_one_persons_word_is_told_and_not_confirmed():
    [remedy] = remedies([word(1, "ada", "Reseated the optics.")])

    assert (remedy.text, remedy.people, remedy.confirmed) == ("Reseated the optics.", 1, False)


def test_another_person_on_another_ticket_confirms_it_whatever_the_host_is_called():
    [remedy] = remedies(
        [
            word(1, "ada", "Reseated the optics on sw1."),
            word(2, "bob", "Reseated the optics on sw22."),
        ]
    )

    assert (remedy.people, remedy.tickets, remedy.confirmed) == (2, 2, True)
    assert remedy.text == "Reseated the optics on sw1."


def test_the_same_person_twice_and_two_people_on_one_ticket_confirm_nothing():
    twice = remedies([word(1, "ada", "Rebooted."), word(2, " Ada ", "Rebooted.")])
    same = remedies([word(1, "ada", "Rebooted."), word(1, "bob", "Rebooted.")])

    assert [one.confirmed for one in (*twice, *same)] == [False, False]


def test_operations_are_known_however_they_are_written_down_and_others_are_none():
    taken = [
        ["restart_vm"],
        [{"operation": "restart_vm", "vm": "web-1"}],
        [{"action": "format_disk"}, 7, None],
    ]
    found = remedies(
        [
            word(n, name, None, some)
            for n, (name, some) in enumerate(zip("abc", taken, strict=True))
        ]
    )

    assert [(one.operations, one.people) for one in found] == [(("restart_vm",), 2)]


def test_what_most_people_say_comes_first_and_no_text_is_endless():
    long = remedies([word(1, "ada", "x " * 5_000)])
    words = [word(1, "ada", "A cable."), word(2, "bob", "A port."), word(3, "eve", "A port.")]

    assert len(long[0].text) <= LONGEST
    assert [one.text for one in remedies(words)] == ["A port.", "A cable."]
    assert remedies([word(1, "ada")]) == []
