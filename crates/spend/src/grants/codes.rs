//! The findings about grants.

base::codes! {
    AMOUNT = "grant-amount", Error, "A grant's amounts cannot be",
        "What was given is more than nothing, and what was left on a day is between nothing and what was given. The balance \
         is this amount less each credit on the bills, so it would be wrong on every page.";
    DAYS = "grant-days", Error, "A grant ends before it begins",
        "`start` and `end` are the first and the last day whose charges it pays, both included; the day of an \
         `opening_balance` is one of them. Look them up where the giver said it, and put the link under `evidence`.";
    CREDITS = "grant-credits", Error, "Which credits are drawn from a grant cannot be read",
        "`credits` is a regular expression that the names of its credits on the bills match anywhere in them, unless `^` \
         and `$` hold it; `accounts` are ids with `*` for any characters. Until it is mended nothing is drawn from the \
         grant, and its credits are listed as those that no grant explains.";
    OVERLAP = "grant-overlap", Warning, "The bills cannot tell two grants apart",
        "Both pay the same provider at the same time, and neither says what its credits are called, so a credit could be of \
         either. The one that ends first is taken to be drawn from first, as providers do; if yours does not, both balances are \
         wrong. Write what the bills call their credits under `credits`, or the accounts under `accounts`.";
}
