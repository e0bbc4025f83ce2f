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
    DECISION_WEAK = "decision-weak", Error, "The charter lets a risky change pass too easily",
        "A change of higher risk must need at least as many people, of as many employers, as one of lower risk, and \
         somebody has to agree to every change: by a `review`, or by `lazy` consensus. Silence is agreement only of \
         those who were told, so `lazy` goes with `notice`. A level that the charter does not write down requires \
         what is built in; `low` alone can therefore be stricter than what is built in for `medium`.";
    DECISION_IMPOSSIBLE = "decision-impossible", Error, "The charter asks for what nobody can give",
        "A procedure speaks of a group that the charter does not name, or asks more employers than people. No change \
         of that risk could ever pass, or the group would be left out in silence. Name the group at the top of \
         `charter.yaml` (`infrastructure`, `contributor_experience`), the list under `development_list`, or ask for \
         what can be given.";
    PROCEDURE_UNKNOWN = "procedure-unknown", Error, "A procedure is named that the charter does not have",
        "Groups name the procedure they decide by (`decides_by`), and so does the charter for kinds of items and for \
         bodies that name none. Write the procedure under `decisions.procedures` of `charter.yaml`, or mend the name: \
         until then nothing can be decided by it.";
    PROCEDURE_INCOMPLETE = "procedure-incomplete", Error, "A procedure lacks what it needs",
        "A procedure says who has to agree (`review`, `vote`, or `notice` with `lazy`), what a threshold is a share of \
         and how many seats there are if it is of the seats, and what becomes of an item that finds no outcome \
         (`expires`, `escalate`). What is left open here is argued about when it matters most.";
    CALENDAR = "charter-calendar", Error, "A calendar of the charter cannot be read in full",
        "Periods in business days leave out the days off of the calendars under `decisions.calendars`. One that is \
         missing, is no iCalendar file, or holds an event that is no whole day or recurs in a way that is not known, \
         would let a period end on another day than people think. Days can also be written under `holidays`.";
}
