//! The findings about budgets and what it was decided to pay for.

base::codes! {
    AMOUNT = "budget-amount", Error, "A budget allows nothing",
        "Thresholds are shares of the amount, and shares of nothing say nothing. Write what may be spent in each period; \
         a budget that is not needed any more is removed.";
    PERIOD = "budget-period", Error, "A budget ends before it begins",
        "`from` and `until` are its first and its last day, both included.";
    SCOPE = "budget-scope", Error, "What counts towards a budget cannot be read",
        "`account` and `sub_account` are ids as the bills write them, with `*` for any characters. A pattern that is none \
         matches nothing, and a budget that counts nothing is never used up.";
    THRESHOLD = "budget-threshold", Error, "A threshold cannot do its work",
        "Each has a share above nothing, at most 1000 per cent, and says what is done when it is crossed; of those with one \
         `basis` each is above the one before, so that the last that was told is the one that counts.";
    NOTIFY = "budget-notify", Error, "A threshold tells nobody",
        "Under `notify` stand channels of `alerts.channels` in spend.yaml, names of groups, mail addresses or https \
         addresses of webhooks. A word that is none of them reaches nobody, and nobody would notice.";
    PARENT = "budget-parent", Error, "Budgets are parts of each other in a circle, or of one in another currency",
        "What parts spend is held against the whole. That cannot be done round a circle, nor where amounts cannot be added.";
    PARTS = "budget-parts", Warning, "The parts of a budget allow more than the whole",
        "Each part may be spent in full, and the whole would be over. That can be meant, where not all parts are used up \
         at once; then say so where it was decided, and accept the finding in the charter.";
    FUNDING_AMOUNT = "funding-amount", Error, "What something was said to cost is not more than nothing",
        "`monthly` is the cost that was decided on. What it really costs is held against it; leave it out where \
         no figure was given.";
    FUNDING_REVIEW = "funding-review", Warning, "It was to be looked at again by now",
        "What is paid for without being asked for again is paid for long after anybody needs it. Ask those under \
         `renewed_by`, or the owner, whether it is still needed; set another `review_by`, or end it.";
}
