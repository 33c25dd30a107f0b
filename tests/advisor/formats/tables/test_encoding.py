from __future__ import annotations

import codecs

import pytest

from advisor.formats.tables.encoding import decode


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("épsilon".encode(), "utf-8"),
        (codecs.BOM_UTF8 + "épsilon".encode(), "utf-8"),
        (codecs.BOM_UTF16_LE + "épsilon".encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + "épsilon".encode("utf-16-be"), "utf-16-be"),
        ("épsilon".encode("latin-1"), "latin-1"),
    ],
)
def test_text_is_decoded_whatever_its_encoding(data: bytes, encoding: str) -> None:
    text = decode(data)
    assert text is not None
    assert (text.content, text.encoding) == ("épsilon", encoding)
    assert text.size(len(text.content)) == len(data)


def test_a_character_cut_off_at_the_end_of_a_head_is_left_out() -> None:
    text = decode("é,é".encode()[:-1])
    assert text is not None
    assert text.content == "é,"


@pytest.mark.parametrize(
    "data", [b"\x89PNG\x1a\0\0\0\rIHDR", b"PK\x03\x04\x14\0\0\0", bytes(range(9))]
)
def test_binary_bytes_are_no_text(data: bytes) -> None:
    assert decode(data) is None
