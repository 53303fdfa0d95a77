"""The kinds of prompt (questions de relecture), one file per kind: a form with a stage, and the
rules for its place in the debrief. All other code uses them through ``PromptKind``.

A new kind needs its file here, its name in ``Prompt``, its words and its test.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from engine.packs.prompts.again import Again
from engine.packs.prompts.choice import Choice
from engine.packs.prompts.did_it_happen import DidItHappen
from engine.packs.prompts.plan import Plan
from engine.packs.prompts.recall import Recall
from engine.packs.prompts.scale import Scale
from engine.packs.prompts.text import Text

Prompt = Annotated[
    Recall | Scale | Choice | Text | Plan | DidItHappen | Again, Field(discriminator="kind")
]
"""Every kind of prompt, as a pack declares it. Wherever a module returns one as a ``PromptKind``,
the type checker verifies that each of them implements it."""
