"""The catalogues: every sentence in every language, its facts kept, and compiled as it stands."""

from __future__ import annotations

import importlib.util
import re
from io import BytesIO

import pytest
from babel.messages.mofile import read_mo

from tests.tidy.test_sizes import ROOT

FACTS = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def collector():
    path = ROOT / "tahsil" / "locale" / "collect.py"
    spec = importlib.util.spec_from_file_location("collect", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


COLLECT = collector()


@pytest.mark.parametrize("language", COLLECT.LANGUAGES)
def test_every_message_is_translated_and_keeps_its_facts(language):
    for message in COLLECT.catalogue(language):
        if not message.id:
            continue
        forms = message.string if message.pluralizable else [message.string]
        assert all(forms), message.id
        assert not message.fuzzy, message.id
        source = message.id[1] if message.pluralizable else message.id
        if not message.pluralizable:
            assert sorted(FACTS.findall(forms[0])) == sorted(FACTS.findall(source)), message.id


@pytest.mark.parametrize("language", COLLECT.LANGUAGES)
def test_every_sentence_of_the_source_is_in_the_catalogue(language):
    found = COLLECT.catalogue(language)
    assert sorted(text for text in COLLECT.sentences() if text not in found) == []


@pytest.mark.parametrize("language", COLLECT.LANGUAGES)
def test_what_is_served_is_what_stands_in_the_catalogue(language):
    path = ROOT / "tahsil" / "locale" / language / "LC_MESSAGES" / "django.mo"
    served = read_mo(BytesIO(path.read_bytes()))
    for message in COLLECT.catalogue(language):
        if message.id:
            key = message.id[0] if message.pluralizable else message.id
            said = message.string
            forms = tuple(said) if message.pluralizable else said
            context = message.context.encode() if message.context else None  # read as bytes
            other = served.get(key, context).string
            assert (tuple(other) if message.pluralizable else other) == forms, key
