"""What people, projects and companies are called in a reader's script, where that is known."""

from __future__ import annotations

from tahsil.core.grammar.names import script
from tahsil.store.models import Creditor, Person, Project

SCRIPTS = {"ar": "arab", "hi": "deva"}


def in_script_of(language: str) -> dict[str, str]:
    """Per name as it is kept the name in the language's script; none for Latin readers."""
    wanted = SCRIPTS.get(language)
    if wanted is None:
        return {}
    pairs = [
        *Project.objects.values_list("name", "name_ar"),
        *Creditor.objects.values_list("name", "name_ar"),
        *Person.objects.values_list("name", "name_other"),
    ]
    return {name: other for name, other in pairs if script(other) == wanted}
