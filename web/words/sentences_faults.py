"""What a fault says: for each case what is wrong and what to do, as English message ids; phrases in
lower case without a full stop. The French ones are in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from web.words.marking import _

YAML: Mapping[str, tuple[str, str]] = {
    "file-too-large": (_("%(size)s MB is too much"), _("keep it under %(most)s MB")),
    "not-utf-8": (_("this is not UTF-8 text"), _("save the file as UTF-8")),
    "character-refused": (_("YAML does not allow this character"), _("delete it or type it anew")),
    "tab-refused": (
        _("a tab stands here, where YAML takes spaces only"),
        _("write spaces instead"),
    ),
    "not-yaml": (
        _("this is not YAML: %(said)s"),
        _(
            "check the indentation (spaces only) and put text that holds “: ” or “ #” "
            "between quotes"
        ),
    ),
    "alias-refused": (_("“*%(name)s” is an alias"), _("write the value out")),
    "anchor-refused": (_("“&%(name)s” is an anchor"), _("remove it and write each value out")),
    "tag-refused": (_("“%(tag)s” is a tag"), _("remove it; put quotes around what must stay text")),
    "second-document": (_("a second document begins here"), _("keep one document in a file")),
    "nested-too-deep": (_("values are nested deeper than %(most)s levels"), _("flatten them")),
    "number-too-long": (_("this number is too long"), _("put quotes around it if it is text")),
    "key-not-text": (_("a key must be plain text"), _("write a word followed by a colon")),
    "key-twice": (
        _("“%(key)s” stands here twice, first on line %(line)s"),
        _("keep one of the two"),
    ),
    "too-many.values": (
        _("more than %(most)s values, names and lists stand before this"),
        _("keep the plan of the course alone"),
    ),
}
"""Of any YAML file."""

OUTLINES: Mapping[str, tuple[str, str]] = {
    "wrong-type.field": (
        _("“%(field)s” must be text"),
        _("write words; put them between quotes when in doubt"),
    ),
    "character-refused.field": (
        _("“%(field)s” holds a character that is no writing"),
        _("type it anew"),
    ),
    "too-long": (
        _("this title has %(length)s characters, and %(most)s are kept"),
        _("shorten it, and put what explains it into a section’s text"),
    ),
    "out-of-range.field": (
        _("“%(said)s” is no whole number from %(low)s to %(high)s"),
        _("write %(field)s as digits alone"),
    ),
    "not-a-day": (_("“%(said)s” is no day that can be read for sure"), _("write it as 2027-01-12")),
    "value-unknown.field": (
        _("“%(said)s” is not a %(field)s that is known"),
        _("write one of: %(choices)s"),
    ),
    "not-a-mapping.fields": (
        _("“name: value” lines are needed here"),
        _("write some of: %(fields)s"),
    ),
    "field-unknown.course": (_("“%(field)s” is not known here"), _("%(hint)s")),
    "said-twice": (_("“%(field)s” says again what “%(first)s” says"), _("keep one of the two")),
    "wrong-type.sections": (_("the sections must be a list"), _("begin each section with a dash")),
    "title-missing.course": (
        _("the course has no title"),
        _("say it at the top, such as “title: Socio-economic models”"),
    ),
    "language-missing.course": (
        _("the course does not say its language"),
        _("add “language: …” at the top, with one of: %(languages)s"),
    ),
    "sections-missing": (_("the course has no section"), _("give it at least one, with a title")),
    "too-many.sections": (_("there are more than %(most)s sections"), _("split the course")),
    "id-twice.sections": (
        _("two sections are called “%(id)s”, first on line %(line)s"),
        _("give each an id of its own"),
    ),
    "title-missing.section": (
        _("this section has no title"),
        _("give it the title that learners read"),
    ),
    "ends-before-start": (
        _("this section ends on %(ends)s, before it starts on %(starts)s"),
        _("correct one of them"),
    ),
    "id-missing": (
        _("no id can be made of “%(title)s”: it has neither a letter from a to z nor a digit"),
        _("give the course an id at the top, such as “id: budget”"),
    ),
    "not-an-id.slug": (_("“%(said)s” cannot be an id"), _("write “%(right)s”")),
}
"""Of a course in YAML."""

READING: Mapping[str, tuple[str, str]] = {
    "sidecar-missing": (
        _("the words of “%(module)s” in “%(lang)s” are missing"),
        _("write %(lang)s.md beside module.yaml"),
    ),
    "link-outside": (_("this link leads out of the pack"), _("copy the file into the pack")),
    "file-unreadable": (
        _("this is no file that can be read, or a link to none"),
        _("put the file itself here, and let everyone read it"),
    ),
    "name-not-utf-8": (
        _("the name of this file or of its folder is not UTF-8"),
        _("rename it, with plain letters and digits"),
    ),
    "files-too-many": (
        _("this pack has %(count)s files, and %(most)s at most can be installed"),
        _("remove those that no module needs, or make two packs of it"),
    ),
    "manifest-missing": (
        _("there is no pack.yaml here"),
        _("name the folder of a pack, or start one with “pack new”"),
    ),
    "language-unknown": (
        _("“%(lang)s” is not a language of this pack"),
        _("add it to “languages” in pack.yaml, or rename the file to one of: %(languages)s"),
    ),
    "id-not-folder": (_("this module is in the folder “%(folder)s”"), _("write “id: %(folder)s”")),
    "module-missing": (
        _("there is no %(module)s/module.yaml"),
        _("write it, or take “%(module)s” out of the list"),
    ),
    "listed-twice.modules": (_("“%(module)s” is listed twice"), _("keep one of the two")),
    "module-unlisted": (
        _("the folder “%(folder)s” is not in this list"),
        _("add “%(folder)s”, or move the folder away"),
    ),
    "string-missing": (
        _("“%(string)s” is missing"),
        _("write “## %(string)s” and its words after this"),
    ),
    "string-missing.many": (
        _("%(count)s strings are missing: %(strings)s"),
        _(
            "write “## …” and its words for each after this; if the file was cut short, "
            "bring its end back"
        ),
    ),
    "choice-without-feedback": (
        _("the choice “%(choice)s” has no feedback"),
        _("write “## %(string)s”: what happens next in the world"),
    ),
    "sidecar-empty": (
        _("this file holds no string"),
        _("write “## cover.title” and its words, then the other strings of the module"),
    ),
    "heading-not-understood": (
        _("“%(heading)s” is no string heading"),
        _("write “## string-id”, such as “## cover.title”"),
    ),
    "string-twice": (
        _("“%(string)s” is already written, on line %(line)s"),
        _("keep one of the two"),
    ),
    "string-empty": (_("“%(string)s” has no words"), _("write its words under the heading")),
}
"""Of a pack’s folders, files and sidecars."""

SHAPE: Mapping[str, tuple[str, str]] = {
    "not-a-mapping": (
        _("this file holds no “name: value” lines"),
        _("write its fields, one a line"),
    ),
    "wrong-type.text": (_("text is needed here"), _("put it between quotes")),
    "wrong-type.whole": (
        _("a whole number is needed here"),
        _("write a number such as 3, without quotes"),
    ),
    "wrong-type.decimals": (_("a whole number is needed here"), _("write it without decimals")),
    "wrong-type.number": (
        _("a number is needed here"),
        _("write a number such as 1 or 0.5, without quotes"),
    ),
    "wrong-type.finite": (
        _("a finite number is needed here"),
        _("write a number such as 1 or 0.5"),
    ),
    "wrong-type.boolean": (_("true or false is needed here"), _("write true or false")),
    "wrong-type.list": (_("a list is needed here"), _("write [a, b] or one “- item” a line")),
    "wrong-type.mapping": (
        _("a mapping is needed here"),
        _("write “name: value”, one a line, indented"),
    ),
    "out-of-range.more-than": (_("%(said)s is out of range"), _("write more than %(bound)s")),
    "out-of-range.least": (_("%(said)s is out of range"), _("write %(bound)s or more")),
    "out-of-range.less-than": (_("%(said)s is out of range"), _("write less than %(bound)s")),
    "out-of-range.most": (_("%(said)s is out of range"), _("write %(bound)s or less")),
    "field-missing": (_("“%(field)s” is missing"), _("add “%(field)s: …” here")),
    "field-missing.item": (_("an item is missing here"), _("write both, such as [1, 2]")),
    "field-unknown": (_("“%(field)s” is not a field of this format here"), _("%(hint)s")),
    "value-unknown": (_("“%(said)s” is not possible here"), _("%(hint)s")),
    "too-few": (_("“%(field)s” needs at least %(least)s"), _("add what is missing")),
    "too-many": (_("“%(field)s” may have at most %(most)s"), _("shorten it")),
    "value-wrong": (
        _("“%(field)s” does not fit the format"),
        _("compare it with docs/pack.schema.json"),
    ),
    "value-wrong.range-falls": (
        _("this range goes down"),
        _("write the lower number first, such as [1, 2]"),
    ),
    "value-wrong.condition": (
        _("the condition “%(text)s” is not understood"),
        _(
            'write "<variable> <op> <number>" (op: >= <= == != > <), "chose '
            '<node>.<choice>", "seen <node>", or these two after "not"'
        ),
    ),
    "not-a-version": (_("“%(said)s” is not a version"), _("write three numbers, such as 1.0.0")),
    "not-a-version.strict": (
        _("“%(said)s” is not a version"),
        _("write one such as 1.0.0 or 1.0.0-rc.1: no part is empty, no number begins with a zero"),
    ),
    "not-an-id": (
        _("“%(said)s” is not an id"),
        _("use lower-case letters, digits and hyphens, a letter first"),
    ),
}
"""Of what a YAML file of a pack may hold."""

STRUCTURE: Mapping[str, tuple[str, str]] = {
    "start-unknown": (_("there is no node “%(name)s” to start at"), _("%(hint)s")),
    "node-unknown": (_("there is no node “%(name)s”"), _("%(hint)s")),
    "variable-unknown": (_("there is no variable “%(name)s”"), _("%(hint)s")),
    "choice-unknown": (_("the node “%(node)s” has no choice “%(name)s”"), _("%(hint)s")),
    "node-unreachable": (
        _("no play ever comes to “%(node)s”"),
        _("lead a choice to it, or remove it"),
    ),
    "loop-without-end": (
        _("no ending can be reached from “%(node)s”"),
        _("lead one of the choices of this loop out of it"),
    ),
    "dead-end": (
        _("“%(node)s” has no choices and is no ending"),
        _("add choices, or write “ending: true”"),
    ),
    "ending-with-choices": (
        _("“%(node)s” is an ending and has choices"),
        _("remove “ending: true”, or the choices"),
    ),
    "choices-all-conditional": (
        _("every choice of “%(node)s” has a “when”, so a learner may find none"),
        _("leave one without “when”"),
    ),
    "id-twice": (
        _("“%(id)s” is there twice in “%(node)s”"),
        _("give each choice and aside of a node its own id"),
    ),
    "node-reserved": (
        _("a node may not be called “%(node)s”"),
        _("choose another name: other strings of the module begin so"),
    ),
    "last-route-conditional": (
        _("the last route of “%(choice)s” has a “when”: it may lead nowhere"),
        _("add a last one without “when”"),
    ),
    "route-hides-others": (
        _("this route of “%(choice)s” has no “when”, so no later one is taken"),
        _("put it last, or add a “when”"),
    ),
    "listed-twice": (_("“%(id)s” is there twice in “%(list)s”"), _("give one of them another id")),
    "listed-twice.ids": (_("“%(id)s” is there twice"), _("give one of them another id")),
    "role-unknown": (_("there is no role “%(name)s”"), _("%(hint)s")),
    "group-size-differs": (
        _("group_size says up to %(most)s, and there are %(seats)s seats"),
        _("write “group_size: [1, %(seats)s]”: alone, or up to all of them"),
    ),
    "round-never": (
        _("round %(round)s never comes: there are %(rounds)s"),
        _("lower the round, or play more of them"),
    ),
    "ending-conditional": (
        _("the last ending has a “when”, so a play may have none"),
        _("add a last one without “when”"),
    ),
    "ending-hides-others": (
        _("the ending “%(ending)s” has no “when”, so no later one is reached"),
        _("put it last, or add a “when”"),
    ),
    "points-missing": (
        _("there are no points for the role “%(role)s”"),
        _("add a line for “%(role)s”"),
    ),
    "points-count": (
        _("there are %(points)s points for %(options)s options"),
        _("write one number for each option, in their order"),
    ),
    "packages-too-many": (
        _("these clauses make %(packages)s packages, and %(most)s at most can be compared"),
        _("take out a clause, or some options"),
    ),
    "clause-reserved": (
        _("a clause may not be called “%(name)s”"),
        _("choose another name: acts, conditions or pages use this one"),
    ),
    "clause-unknown": (_("there is no clause “%(name)s”"), _("%(hint)s")),
    "option-unknown": (_("the clause “%(clause)s” has no option “%(name)s”"), _("%(hint)s")),
    "offer-never": (
        _("nobody acts after offer %(after)s but to sign or leave: there are %(offers)s"),
        _("lower “after”, or allow more offers"),
    ),
    "voice-below-leaving": (
        _("this voice would settle for %(settles)s, and has %(without)s without an agreement"),
        _("let it settle for %(without)s at least"),
    ),
    "voice-opens": (
        _("this voice opens at %(opens)s: between %(settles)s and its best, %(most)s, is possible"),
        _("write a number from where it settles to its best package"),
    ),
    "case-unknown": (_("there is no case “%(name)s”"), _("%(hint)s")),
    "levels-missing": (
        _("this voice gives nothing to the case “%(case)s”"),
        _("add “%(case)s: […]”, a level for each row in order"),
    ),
    "levels-count": (
        _("%(count)s levels stand here, there are %(rows)s rows"),
        _("write one level for each row, in order"),
    ),
    "level-unknown": (
        _("the row “%(row)s” has no level %(level)s"),
        _("write a number from 0 to %(most)s"),
    ),
    "voice-moves-too-far": (
        _("this voice moves %(moved)s notches, and %(most)s at most may move"),
        _("bring “again” closer to “first”, or raise “notches”"),
    ),
    "seats-out-of-range": (
        _("%(seats)s seats are too few or too many here"),
        _("list %(least)s to %(most)s roles"),
    ),
    "months-backwards": (
        _(
            "this task begins in month %(first)s and ends in month %(last)s, and the year of this "
            "plan begins with month %(starts)s"
        ),
        _("write months that follow one another in that year"),
    ),
    "task-unknown": (_("there is no task “%(name)s”"), _("%(hint)s")),
    "other-unknown": (_("“others” has no “%(name)s”"), _("%(hint)s")),
    "remedy-unknown": (
        _("the task “%(task)s” has no remedy “%(name)s”"),
        _("%(hint)s"),
    ),
    "voice-missing": (
        _("the seat “%(role)s” has no voice"),
        _("add “%(role)s: {lines: …}”: at a table, anybody may leave"),
    ),
    "line-missing": (
        _("this line says nothing of the task “%(task)s”"),
        _("add “%(task)s: [0, 0, 0]”: knows how, is able, wants to, each from 0 to 2"),
    ),
    "voice-gives": (
        _("this voice hands over “%(task)s”, which it does not do"),
        _("hand over a task whose three levels are 2, or none"),
    ),
    "other-unspoken": (
        _("“%(other)s” has a line, and nobody speaks for them until they are asked"),
        _("add “said_by”, the seat that guesses what they would say"),
    ),
    "other-unasked": (
        _("no remedy brings “%(other)s”"),
        _("add a remedy with “by: %(other)s”, or take them out"),
    ),
    "task-helpless": (
        _("nobody knows how and is able to do “%(task)s”, and it has no remedy"),
        _("add a remedy for it, or somebody who can do it"),
    ),
    "actor-unknown": (_("there is no actor “%(name)s”"), _("%(hint)s")),
    "group-unknown": (_("there is no group “%(name)s”"), _("%(hint)s")),
    "group-empty": (
        _("nobody is in the group “%(group)s”"),
        _("write “group: %(group)s” at an actor, or take the group out"),
    ),
    "chairs-too-many": (
        _("there are %(chairs)s chairs for %(actors)s actors, so nobody stands"),
        _("lower “chairs”, or add an actor"),
    ),
    "place-off-map": (
        _("this place lies off the map"),
        _("write two numbers from 0 to %(steps)s"),
    ),
    "voice-moves-too-many": (
        _("this voice moves %(moved)s actors, and %(most)s at most may move"),
        _("take some out, or raise “moves” for the first role"),
    ),
    "ending-unreachable": (
        _("no play ends with “%(ending)s”, whoever has the chairs"),
        _("change its “when” or that of the endings before it, or remove it"),
    ),
    "actor-idle": (
        _("“%(actor)s” gives nothing and receives nothing"),
        _("add a flow from or to them, or take them out"),
    ),
    "flow-unknown": (_("there is no flow “%(name)s”"), _("%(hint)s")),
    "flow-to-itself": (
        _("the flow “%(flow)s” goes from somebody to themselves"),
        _("name another actor in “from” or in “to”"),
    ),
    "flow-needs-itself": (
        _("the flow “%(flow)s” needs itself"),
        _("take it out of its own “needs”"),
    ),
    "flow-doomed": (
        _("the flow “%(flow)s” ends whatever is done with it"),
        _("leave out of “ends” at least one of: unseen, favour, priced"),
    ),
    "flow-booked": (
        _("the flow “%(flow)s” stands in the accounts, and nobody need count it"),
        _("remove “hours”, or “booked”"),
    ),
    "line-unbooked": (
        _("no booked flow is called “%(name)s”, and the line is one"),
        _("%(hint)s"),
    ),
    "draw-all": (
        _("%(draw)s arrows may be drawn, and there are %(flows)s favours: none need be left out"),
        _("lower “draw”, or add flows that nobody books"),
    ),
    "hours-none": (
        _("there are %(hours)s hours, and counting any favour takes %(least)s or more"),
        _("raise “hours”, or lower those of a flow"),
    ),
    "hours-all": (
        _("there are %(hours)s hours, and %(most)s would count all that fit on the paper"),
        _("lower “hours”, or raise those of some flows"),
    ),
    "table-endless": (
        _("with all seats played by their voices, this has not ended after %(steps)s acts"),
        _("play fewer rounds"),
    ),
    "number-range": (
        _("a number from %(least)s to %(most)s leaves nothing to tell"),
        _("let “most” be larger than “least”"),
    ),
    "field-reserved": (
        _("a field may not be called “%(name)s”"),
        _("choose another name: conditions or pages use this one"),
    ),
    "return-waits": (
        _("the first return, “%(return)s”, waits for the day that is chosen, and for nothing else"),
        _("remove “after” here, and write it in the second one"),
    ),
    "return-at-once": (
        _("the return “%(return)s” comes at once after the one before"),
        _("write “after: 7”, so many days later"),
    ),
    "instead-unequal": (
        _("who took the other way is asked %(instead)s things, who went %(fields)s"),
        _("ask as many of both: the other way is worth as much"),
    ),
    "ending-never": (
        _("no play comes to the ending “%(ending)s”"),
        _("change its “when”, or those before it"),
    ),
    "hear-too-many": (
        _("%(hear)s voices are to be heard, there are %(voices)s"),
        _("lower “hear”, or add voices"),
    ),
    "string-shared": (
        _("two things would be told by the one string “%(string)s”"),
        _("give one of them another id"),
    ),
    "aim-undeclared": (
        _("pack.yaml does not name the aim “%(aim)s”"),
        _("add “%(aim)s” to “aims” in pack.yaml, or remove it here"),
    ),
    "keywords-missing": (
        _("there are no keywords in “%(lang)s”"),
        _("add “%(lang)s: [word, …]”, words that a host course would use"),
    ),
    "language-missing": (
        _("“%(lang)s” is not among the languages"),
        _("add “%(lang)s” to “languages”"),
    ),
    "title-missing.title": (
        _("there is no title in “%(lang)s”"),
        _("add “%(lang)s: …” to “title”"),
    ),
    "title-missing.summary": (
        _("there is no summary in “%(lang)s”"),
        _("add “%(lang)s: …” to “summary”"),
    ),
    "hidden-words-missing": (
        _("no hidden words in “%(lang)s”, so no cover is checked in it"),
        _("add “%(lang)s: [word, …]” to “hidden_words”"),
    ),
    "author-empty": (_("an author without a name"), _("write who wrote the pack")),
    "not-a-licence": (
        _("“%(licence)s” is no SPDX licence: names are joined by AND, OR or WITH"),
        _("write one such as CC-BY-SA-4.0, or LicenseRef- and a name of your own"),
    ),
    "not-a-licence.name": (
        _("“%(licence)s” is no SPDX licence: there is none called “%(name)s”"),
        _("write one such as CC-BY-SA-4.0, or LicenseRef- and a name of your own"),
    ),
    "prerequisite-cycle": (
        _("these modules wait for one another: %(modules)s"),
        _("remove one “after” of the circle"),
    ),
    "prerequisite-cycle.itself": (
        _("this module waits for itself"),
        _("take “%(module)s” out of “after”"),
    ),
    "module-unknown": (_("there is no module “%(module)s” in this pack"), _("%(hint)s")),
}
"""Of an activity, a module and a manifest."""

DEBRIEF: Mapping[str, tuple[str, str]] = {
    "prompt-count": (
        _("this debrief has %(count)s prompts"),
        _("write %(fewest)s to %(most)s, through the whole arc"),
    ),
    "arc-unknown": (_("there is no arc “%(arc)s”"), _("%(hint)s")),
    "stage-empty": (_("no prompt of stage “%(stage)s”"), _("add one with “stage: %(stage)s”")),
    "stage-empty.reveal": (
        _("no prompt of stage “%(stage)s”, so the reveal would never open"),
        _("add one with “stage: %(stage)s”"),
    ),
    "stage-empty.end": (
        _("no prompt of stage “%(stage)s”, so the debrief would never be complete"),
        _("add one with “stage: %(stage)s”"),
    ),
    "stage-unknown": (_("the arc “%(arc)s” has no stage “%(stage)s”"), _("%(hint)s")),
    "takeaway-unknown": (_("there is no takeaway “%(name)s”"), _("%(hint)s")),
    "recall-before-reveal": (
        _("“%(prompt)s” asks to recall before the reveal"),
        _("give it a later stage: %(stages)s"),
    ),
    "plan-unknown": (_("there is no prompt “%(name)s” of kind plan"), _("%(hint)s")),
    "follow-up-too-early": (
        _("“%(prompt)s” does not come after its plan “%(plan)s”"),
        _("give it a stage later than “%(stage)s”"),
    ),
    "earlier-unknown": (
        _("there is no other prompt “%(name)s” whose answer could be read again"),
        _("%(hint)s"),
    ),
    "again-too-early": (
        _("“%(prompt)s” does not come after “%(earlier)s”, which it reads again"),
        _("give it a stage later than “%(stage)s”"),
    ),
    "reveal-too-long": (_("this reveal has %(words)s words"), _("keep it within %(most)s")),
    "quote-uncertain": (
        _("%(hole)s is not given on every path"),
        _("quote in the reveal only what every play gives"),
    ),
    "quote-uncertain.wordings": (
        _("every wording of “%(prompt)s” quotes what not every path gives: %(holes)s"),
        _("write one more wording that quotes only what is always given"),
    ),
    "never-recalled": (
        _("no prompt brings “%(takeaway)s” back"),
        _("add one with “kind: recall, takeaway: %(takeaway)s”"),
    ),
    "minutes-unusual": (
        _("%(minutes)s minutes is outside 5–12"),
        _("shorten or lengthen the experience"),
    ),
    "minutes-differ": (
        _("%(stated)s minutes are stated, an average play in “%(lang)s” takes %(takes)s"),
        _("state %(right)s, or change the words"),
    ),
    "prompt-minutes": (
        _("“%(prompt)s” takes %(takes)s minutes in “%(lang)s”, %(stated)s are stated"),
        _("shorten the question, or state more"),
    ),
}
"""Of a debrief, and of minutes."""

WORDING: Mapping[str, tuple[str, str]] = {
    "translation-missing": (
        _("“%(string)s” is not translated"),
        _("write “## %(string)s” and its words after this, then run “pack stamp”"),
    ),
    "translation-missing.many": (
        _("%(count)s strings are not translated: %(strings)s"),
        _(
            "write “## …” and its words for each after this; if the file was cut short, "
            "bring its end back"
        ),
    ),
    "translation-unstamped": (
        _("“%(string)s” carries no hash of its source"),
        _("compare it with %(place)s, then run “pack stamp --only %(full)s”"),
    ),
    "translation-unstamped.all": (
        _("no heading of this translation carries the hash of its source"),
        _("when it says what its source says, run “pack stamp”"),
    ),
    "translation-stale": (
        _("“%(string)s” was translated from another text than “%(lang)s” has now"),
        _("compare it with %(place)s, then run “pack stamp --only %(full)s”"),
    ),
    "string-unknown": (_("nothing in module.yaml needs “%(string)s”"), _("%(hint)s")),
    "quote-missing": (
        _("“%(label)s” has a hole, so a prompt cannot quote it"),
        _("write “## %(quote)s”, without holes"),
    ),
    "hole-not-understood": (
        _("this brace belongs to no hole"),
        _("write {name} with a plain name, such as {choice.soir-1}, or leave braces out"),
    ),
    "hole-unknown": (_("%(hole)s is not given in “%(string)s”"), _("%(hint)s")),
    "hidden-word": (
        _("the cover names “%(word)s”, which this pack hides"),
        _("say it in the words of the host course"),
    ),
    "reveals-too-early": (
        _("“%(string)s” names “%(word)s” before the reveal"),
        _("ask about what happened, without its name"),
    ),
    "reveals-too-early.takeaway": (
        _("“%(string)s” names the takeaway “%(takeaway)s”"),
        _("ask about what happened, and name it after the reveal"),
    ),
    "image-unused": (_("no text shows this image"), _("show it, or remove it")),
    "markup-refused.heading": (
        _("a heading has no place in a string"),
        _("write it as a plain or emphasised line"),
    ),
    "markup-refused.code": (
        _("a code block has no place in a string"),
        _("write it as a blockquote or plain text"),
    ),
    "markup-refused.indent": (
        _("an indented block, which Markdown shows as code, has no place in a string"),
        _("remove the spaces at the start of the line"),
    ),
    "markup-refused.line": (
        _("a ruled line has no place in a string"),
        _("leave a blank line instead"),
    ),
    "raw-html": (_("“%(html)s” is raw HTML"), _("write it in Markdown, or remove it")),
    "link-not-https": (
        _("the link “%(address)s” is not https"),
        _("link to an https address, or write it as plain text"),
    ),
    "alt-missing": (
        _("the image “%(image)s” has no description"),
        _("say between the brackets what it shows: ![what one sees](file.png)"),
    ),
    "image-missing": (
        _("there is no image “%(image)s” in this module"),
        _("put the file beside module.yaml, or remove the image"),
    ),
    "quote-unwritten": (
        _("“%(by)s” would quote “%(label)s” as it stands here, in mid-sentence"),
        _("write “## %(quote)s” after it: « vous avez choisi de … »"),
    ),
    "choice-loops": (
        _("“%(choice)s” leads back to “%(node)s”, where it is made"),
        _("lead it on, so that choosing changes something"),
    ),
    "ending-claims": (
        _(
            "“%(string)s” says “%(words)s”, as “%(choice)s” does, and plays come here that "
            "did not choose it"
        ),
        _("say it in an aside with “when: [chose %(choice)s]”, or reword it"),
    ),
}
"""Of the words of a module."""

FAULTS: Mapping[str, tuple[str, str]] = {
    **YAML,
    **OUTLINES,
    **READING,
    **SHAPE,
    **STRUCTURE,
    **DEBRIEF,
    **WORDING,
}

HINTS: Mapping[str, str] = {
    "did-you-mean": _("did you mean “%(first)s”?"),
    "either": _("did you mean “%(first)s” or “%(last)s”?"),
    "one-of": _("use one of: %(names)s"),
    "none-yet": _("none exists yet; declare it first"),
    "remove-or-correct": _("remove it, or correct its id"),
    "no-hole": _("this string may hold no hole; write it out"),
    "no-translation": _("this pack has no translation to stamp"),
}
"""What to write instead of an unknown name."""
