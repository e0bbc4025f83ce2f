//! The findings about events; each has a page.

base::codes! {
    ACKNOWLEDGED = "spend-event-unknown", Warning, "What was acknowledged is no event",
        "`acknowledged` in `spend.yaml` names the id of an event, as `commonhold spend events` shows it. None of the charges \
         that are kept has it: the id has a slip in it, or bills were corrected since and the days are not unusual any more. \
         Set the id right, or remove the entry.";
}
