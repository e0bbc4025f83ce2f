//! The findings about the charter itself.

base::codes! {
    NO_CHARTER = "charter-absent", Note, "The estate has no charter of its own",
        "Without `charter.yaml` every rule applies as it ships. That is a sound start; writing the charter down \
         lets the community change a severity, excuse an item for a time, and name who answers for a rule.";
    UNKNOWN_RULE = "charter-unknown-rule", Error, "The charter sets a rule that does not exist",
        "`commonhold explain` lists all rules. A misspelled rule would silently keep its defaults.";
    EXCEPTION_EXPIRED = "exception-expired", Error, "An exception has run out",
        "An exception is a promise to mend something by a day, and the day is over. What it excused is reported \
         again beside this. Mend it, or let the community decide on a new end and record that decision.";
    EXCEPTION_UNUSED = "exception-unused", Warning, "An exception excuses nothing",
        "The item does not break the rule, or does not exist: it was mended, removed or misspelled. Remove the \
         exception, so that it cannot excuse a later fault by accident.";
}
