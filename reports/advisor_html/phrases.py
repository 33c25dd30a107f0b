"""What the page's script says, in the language of the page: handed to it as JSON."""

from __future__ import annotations

import json

from advisor.language import term, word

POWERS = term("The scale goes by powers of ten.")

PHRASES = {
    "light": term("Light"),
    "dark": term("Dark"),
    "to_light": term("Switch to the light theme"),
    "to_dark": term("Switch to the dark theme"),
    "copied": term("Copied"),
    "selected": term("Selected"),
    "packed": term("This browser cannot unpack it"),
    "cost": term("Measured cost"),
    "all": term("All %all entries are shown"),
    "some": term("%shown of %all entries are shown"),
    "place": term("%axis %step"),
    "min": term("lowest value: %place"),
    "max": term("highest value: %place"),
    "absent": term("%series: no value here"),
    "nothing": term("%series: no finite value"),
    "spread": term("%series %value (%low to %high)"),
    "value": term("%series %value"),
    "here": term("%place: %values"),
    "inside": term("%place: %values; inside the evidence"),
    "powers": POWERS,
}
"""By what the script calls them. ``%name`` is where it writes a value."""


def phrases() -> str:
    """Return the phrases in the language that is spoken, as JSON."""
    return json.dumps({name: word(text) for name, text in PHRASES.items()}, ensure_ascii=False)
