"""The online model of categories."""

import random

import numpy as np

from datacenter_docs.adapters.retrieval.softmax import MOST_CATEGORIES, Softmax, features

WORDS = {"network": "port switch uplink vlan optics", "storage": "disk volume snapshot quota lun", "access": "login password account role token"}  # fmt: skip


def lessons(count: int) -> list[tuple[str, str]]:
    """Texts of three words of a category and three of any, each with its category."""
    dice = random.Random(3)
    every = " ".join(WORDS.values()).split()
    made = []
    for _ in range(count):
        category = dice.choice(sorted(WORDS))
        made.append((" ".join([*dice.choices(WORDS[category].split(), k=3), *dice.choices(every, k=3)]), category))  # fmt: skip
    return made


def taught(count: int) -> Softmax:
    model = Softmax()
    for text, category in lessons(count):
        model.learn(features(text), category)
    return model


def test_it_learns_and_is_as_sure_as_it_is_right():
    model, right, sure = Softmax(), [], []
    for text, category in lessons(1_500):
        guess = model.guess(features(text))
        if guess is not None:
            right.append(guess.category == category)
            sure.append(guess.probability)
        model.learn(features(text), category)

    assert np.mean(right[500:]) > 0.85
    assert abs(np.mean(right[500:]) - np.mean(sure[500:])) < 0.05


def test_a_written_model_goes_on_as_if_it_had_not_been_written():
    kept = taught(300)
    read = Softmax.read(kept.written())
    more = lessons(330)[300:]
    for text, category in more:
        assert kept.guess(features(text)) == read.guess(features(text))
        kept.learn(features(text), category)
        read.learn(features(text), category)

    assert kept.guess(features("port disk")) == read.guess(features("port disk"))


def test_one_category_is_no_choice():
    model = Softmax()
    model.learn(features("port down"), "network")

    assert model.guess(features("port down")) is None


def test_more_categories_than_fit_are_left_out_and_change_nothing():
    model = Softmax()
    for number in range(MOST_CATEGORIES + 5):
        model.learn(features(f"word{'x' * number} alpha"), f"category {number}")

    assert len(model.categories) == MOST_CATEGORIES
    assert model.learned == MOST_CATEGORIES


def test_a_text_without_words_is_guessed_from_what_is_usual():
    guess = taught(200).guess(features("1234 !!"))

    assert guess is not None
    assert 0 < guess.probability < 1
