"""Pages taken apart into sections."""

from datacenter_docs.domain.retrieval.pages import Section, sections

PAGE = """---
title: Port Flapping
weight: 20
---

# PortFlapping

## Meaning

A port goes up and down.
```sh
# not a heading
show interface
```

## Empty

## Mitigation ##

Change the cable.
"""


def test_a_page_has_a_section_for_each_heading_that_says_something():
    found = list(sections("net/PortFlapping.md", PAGE))

    assert [(one.title, one.heading) for one in found] == [("Port Flapping", "Meaning"), ("Port Flapping", "Mitigation")]  # fmt: skip
    assert "# not a heading" in found[0].text
    assert found[1].text == "Change the cable."


def test_the_title_is_the_first_heading_or_the_name_of_the_page():
    assert list(sections("a/b.md", "# Disks\ntext")) == [Section("a/b.md", "Disks", "", "text")]
    assert list(sections("a/b.md", "text")) == [Section("a/b.md", "b", "", "text")]


def test_comments_and_pages_without_words_have_no_sections():
    assert list(sections("x.md", "<!-- nothing\n# no -->\n\n# Title\n")) == []
    assert list(sections("x.md", "")) == []
