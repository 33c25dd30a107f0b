"""Sentences in the language that is spoken, and in English where a catalogue lacks them."""

from __future__ import annotations

import threading

import pytest

from advisor.language import ENGLISH, Catalogue, shown, speak, speaking, spoken, tell, term, word
from advisor.text import Message, message

GERMAN = Catalogue(
    "zh",
    {
        "fall": {
            "It fell to {end:number}.": "Sie fiel auf {end:number}.",
            "It fell in {n:count step|steps}.": "Sie fiel in {n:count Schritten}.",
            "{why:sentence} So it fell.": "{why:sentence} Also fiel sie.",
            "{task:text} at {axis:text} {at:step}": "{task:text}, {axis:text} {at:step}",
        },
        "words": {
            "epoch": "Epoche",
            "{listed:sentence} and {more:step} more": "{listed:sentence} und {more:step} weitere",
            "runs {names:names}": "Läufe {names:names}",
        },
    },
)
"""The code of the language is one that is offered; the words need not be."""


def test_a_message_is_said_in_the_language_that_is_spoken() -> None:
    said = message("fall.end", "It fell to {end:number}.", end=0.25)
    with speaking(GERMAN):
        assert shown(said) == "Sie fiel auf 0.25."
    assert shown(said) == "It fell to 0.25."


def test_a_message_that_came_from_a_saved_report_is_said_too() -> None:
    saved = message("fall.in", "It fell in {n:count step|steps}.", n=1).model_dump_json()
    with speaking(GERMAN):
        assert shown(Message.model_validate_json(saved)) == "Sie fiel in 1 Schritten."


def test_a_message_within_a_message_is_said_in_the_same_language() -> None:
    inner = message("fall.end", "It fell to {end:number}.", end=3.0)
    outer = message("fall.why", "{why:sentence} So it fell.", why=inner)
    with speaking(GERMAN):
        assert shown(outer) == "Sie fiel auf 3. Also fiel sie."


def test_words_that_advisor_chose_are_said_and_others_stay() -> None:
    said = message(
        "fall.at", "{task:text} at {axis:text} {at:step}", task="GAN", axis="epoch", at=3
    )
    with speaking(GERMAN):
        assert shown(said) == "GAN, Epoche 3"


@pytest.mark.parametrize(
    "said",
    [
        message("fall.end", "It fell further, to {end:number}.", end=1.0),
        message("rise.end", "It fell to {end:number}.", end=1.0),
        Message(id="fall.end", params={"end": 2.0}, text="It fell to 1."),
        Message(id="fall.end", params={"end": "low"}, text="It fell to 1."),
        Message(id="fall.end", params={}, text="It fell to 1."),
        Message(id="fall.in", params={"n": float("inf")}, text="It fell in 1 step."),
        Message(id="", text="It fell to {end:number}."),
    ],
)
def test_what_no_template_of_the_catalogue_gives_stays_english(said: Message) -> None:
    with speaking(GERMAN):
        assert shown(said) == said.text


def test_a_format_says_its_own_sentences_and_how_a_list_goes_on() -> None:
    with speaking(GERMAN):
        assert tell("runs {names:names}", names=tuple("abcdef")) == (
            "Läufe `a`, `b`, `c`, `d` und 2 weitere"
        )
        assert word("epoch") == "Epoche"
        assert tell("{n:step} of them", n=1_200) == "1,200 of them"
    assert word("epoch") == term("epoch") == "epoch"


def test_a_page_names_the_language_as_browsers_do() -> None:
    assert spoken() == "en"
    with speaking(GERMAN):
        assert spoken() == "zh-Hans"


def test_what_is_spoken_from_now_on_is_spoken_in_every_thread() -> None:
    heard = []
    speak(GERMAN)
    try:
        thread = threading.Thread(target=lambda: heard.append(word("epoch")))
        thread.start()
        thread.join()
    finally:
        speak(Catalogue(ENGLISH))
    assert heard == ["Epoche"]
    assert word("epoch") == "epoch"
