//! The findings about what an estate says of audits.

base::codes! {
    IGNORE_ENDED = "audit-ignore-ended", Warning, "What an audit was to let be has ended",
        "Something that nobody declares, or that is otherwise than declared, was let be until a day, and that day is \
         past: audits show it again. Mend it, declare it, or decide again how long it may stay, under `audit_ignore` in \
         `commonhold.yaml`.";
    IGNORE_OWNER = "audit-ignore-owner", Error, "Nobody answers for what an audit is to let be",
        "Each entry of `audit_ignore` names the group that answers for it, so that somebody is asked when it ends. The \
         estate has no group of this name.";
    ACCOUNT = "audit-account", Error, "An account cannot be audited in the way that it says",
        "`audit` is for accounts of the provider `aws`: its key is used to look at buckets, identities and hosted \
         zones. The address, where there is one, is an `https:` URL, so that what the key may see stays between the two \
         ends; a region is written as Amazon does, for example `eu-west-1`.";
}
