//! The findings about `spend.yaml`, and about the files of usage that it names.

base::codes! {
    RULE = "spend-rule", Error, "A rule does not say whose charges are",
        "Each rule names an `owner` or a `pool`, one of the two, and holds for at least one day: `until` is the first day \
         on which it holds no more. A rule that names both, or neither, leaves it to the reader who pays.";
    SHADOWED = "spend-rule-shadowed", Warning, "A rule is never asked",
        "The first rule that matches says whose a charge is. All that this one matches is matched by one above it, on all \
         of its days. Put the narrower rule first, or remove it.";
    UNKNOWN = "spend-unknown", Error, "A pool or a driver is named that spend.yaml does not have",
        "Charges of a pool that nobody declared stay in a row of its name, and a pool or quota whose driver is missing \
         cannot be computed. It was misspelled, renamed or removed, or never declared.";
    POOL = "spend-pool", Error, "A pool does not say how it is shared out",
        "`by: even` needs `to`, those who bear it; `by: weights` needs `weights`; `by: usage` needs a `driver`; \
         `by: proportional` may have `to`. What another way of sharing needs says nothing here. A pool may stand several \
         times for one time after another, never twice for the same month.";
    CIRCLE = "spend-pool-circle", Error, "Pools are shared out among each other in a circle",
        "What comes back to where it was can be shared out for ever and is never borne by anybody. Until a step is \
         removed all of it stays in the pools of the circle.";
    WEIGHTS = "spend-pool-weights", Error, "The weights of a pool do not make a whole",
        "Percentages make 100 exactly; numbers that all are below 1 make 1 exactly, since a part would be nobody's or \
         somebody's twice. Of other numbers only the proportions count: 2, 1 and 1 are one half and two quarters. None is \
         below zero, and one at least is above.";
    UNUSED = "spend-pool-unused", Warning, "A pool has no charges",
        "No rule puts charges into it, and no other pool shares into it. The rule was removed or has another name in it, or \
         the pool is not needed any more.";
    DRIVER = "spend-driver", Error, "The file of a driver cannot be used",
        "It is a CSV file below the estate whose first line names the columns: `date` (2026-03-31) or `month` (2026-03), \
         `owner`, `quantity`, and `service` if wanted. Owners are groups or `pool/NAME`; an empty cell is what is nobody's. \
         Quantities are not below zero, and there is one row for each time, owner and service. A file with a mistake is not \
         used at all: half of it would share costs among the wrong owners, so they stay in their pools.";
    RATES = "spend-rates", Error, "A rate between currencies cannot be used",
        "There is one rate a day for each pair of currencies and each direction, and by the policy `fixed` one in all; a \
         rate that is good `both_ways` counts for both. It is above zero, and between two currencies. Of two for one day, \
         which one holds would be chance.";
    PLANNED = "spend-planned", Error, "A planned time ends before it begins",
        "`from` is its first day and `until` the first day on which it is over. A time without a day silences nothing.";
    ACKNOWLEDGED = "spend-acknowledged", Error, "An unusual cost was acknowledged without a reason, or twice",
        "Whoever asks next year why that month was so dear finds the answer here, in a sentence: `reason`. Each event is \
         acknowledged once.";
    QUOTA = "spend-quota", Error, "A quota cannot be held against its use",
        "Its `limit` is above zero, its driver says how much is used each day (`date`, not `month`), and both count the \
         same: a limit in cores says nothing about a use in hours.";
    PRICES = "spend-private-prices", Warning, "A provider whose prices are private is named as no bill names it",
        "Names of providers are compared with their case, as bills write them. One that is misspelled hides nothing: the \
         report for everybody would show what was promised to be kept back.";
    ALERTS = "spend-alerts", Error, "Nobody is told of what needs doing",
        "Under `to` stand channels of `alerts.channels`, names of groups, mail addresses or https addresses of webhooks. A \
         word that is none of them reaches nobody, and nobody would notice.";
}
