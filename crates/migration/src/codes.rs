//! The findings about migrations.

base::codes! {
    FIELD = "migration-field", Error, "A migration names a field that cannot be used there",
        "`batch` names a field on which things agree that move in one go: a word, a number, or a list of these. \
         `each` names a field that lists what holds a thing: a text, or a list of texts. The fields of each kind of \
         thing are in the reference of predicates. Until the name is mended, things move one by one, and the blocker \
         holds nothing.";
    DATES = "migration-dates", Error, "Days of a migration are in the wrong order",
        "A migration is due after it started, and a freeze ends on the day on which it begins or later. One of the \
         two days is mistyped; nobody can plan with it.";
    AMOUNT = "migration-amount", Error, "An effort or a capacity is less than nothing",
        "Efforts are days of one person, capacities are days a week. Write 0 or more.";
    BLOCKER = "migration-blocker", Error, "A blocker does not say what it holds back",
        "A blocker holds back the things for which `where` holds, or hangs on what a field of theirs lists (`each`), \
         or both. `matching` and `freed` choose among those listed, so they need `each`. Its `id` is what it is called in every \
         answer, so no two of a migration have the same.";
    IDLE = "migration-blocker-idle", Note, "A blocker holds nothing back",
        "Nothing that is left to move is held back by it: it was freed, or `where` was mistyped. Remove it, so \
         that nobody spends time on freeing what holds nothing.";
}
