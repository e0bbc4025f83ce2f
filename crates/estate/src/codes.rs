//! The findings about files and references, before any rule of the charter.

base::codes! {
    UNREADABLE = "file-unreadable", Error, "A file or folder that the estate names cannot be read",
        "What cannot be read is not empty: nothing may be concluded from its absence, so everything that \
         depends on it stops. Check the path in `commonhold.yaml`, that it is relative to that file, and \
         that the file is UTF-8 text.";
    VERSION = "estate-version", Error, "The estate is written for another version of the format",
        "`commonhold: 1` is the only version there is. A later version of the program may read more.";
    BAD_FILE_NAME = "file-name", Error, "A file's name cannot be the name of an item",
        "An item is called as its file, without `.yaml`; others refer to it by that name. Use lower-case \
         letters, digits, `-`, `_`, `.`, `@` and `+`, beginning with a letter or digit; folders below the \
         kind's folder become part of the name.";
    UNCLAIMED_FILE = "file-unclaimed", Warning, "A YAML file belongs to no kind and no source",
        "Nobody reads this file, though it looks as if it declared something: a folder may be misspelled, \
         or the file belongs to a program that `commonhold.yaml` does not mention. Move it, add a source, \
         or list it under `ignore`.";
    DUPLICATE_ITEM = "item-duplicate", Error, "Two items have the same name or login",
        "Names, logins and addresses lead to one item each, without regard to case. If both files mean the \
         same thing, merge them; if they do not, rename one.";
    UNKNOWN_REFERENCE = "reference-unknown", Error, "A reference leads nowhere",
        "The named item is not in the estate: it was misspelled, renamed, removed, or never declared. The \
         help names the nearest that exists.";
    EMPTY_ESCALATION = "escalation-step", Error, "An escalation step does not name exactly one place to go",
        "A step is a `person`, a `group` or a `service`; one of the three, no more.";
    PERSON_CONFLICT = "person-conflict", Warning, "Two sources disagree about a person",
        "The same login appears with another employer or address elsewhere. Which one is true decides who \
         is counted for whom, so it is not guessed: the first source in `commonhold.yaml` counts until they \
         agree. Keep people's facts in one place, best in `people/`.";
    PERSON_SPELLING = "person-spelling", Note, "Two sources spell a person's name differently",
        "They are taken for one person, because the login is the same. Nothing breaks; searching by name may.";
    UNMATCHED_ADDRESS = "address-unmatched", Note, "An address belongs to nobody the estate knows",
        "No person and no mailing group has this address, so nobody can say whose access it is, or end it when \
         they leave. Add it to the person's `email` or `other_emails`. Addresses are never matched by \
         likeness.";
    UNUSABLE_EMAIL = "email-form", Error, "An e-mail address is malformed",
        "An address has one `@` with something on both sides and no white space.";
    PUBLIC_KEY = "public-key", Error, "A key is not a public key of age or SSH",
        "Private contacts are encrypted to these keys: `age1...`, made by `age-keygen`, or an SSH public key of the \
         kinds ed25519 or RSA. The person's approvals and objections are signed with the SSH keys among them, which may \
         also be ECDSA keys over P-256 or P-384 and security keys (`sk-ssh-ed25519@openssh.com`, \
         `sk-ecdsa-sha2-nistp256@openssh.com`): these sign only. Keys of age's plug-ins cannot be checked and are \
         refused. If the secret half stood here, it has been published: make a new key.";
    SECRET = "secret-in-clear", Error, "A secret stands in a file, or what should say where it is does not",
        "An estate is read by everybody. Where a secret is needed, its file says where it is, as `env/NAME`: the \
         environment variable that holds it where plans are made or applied. If the secret itself stood here, it has \
         been published: make a new one.";
    MEETING_UNCLEAR = "meeting-unclear", Warning, "Nobody can tell from its words when a meeting is",
        "Its day, time, zone or frequency could mean several things, or is not understood, so that it is in no \
         calendar. Write the day as `Tuesday`, the time as `09:30`, the zone by its IANA name, and how often as \
         `weekly`, `every two weeks starting 2 June 2026` or `monthly on the second Tuesday`. Nothing is guessed. \
         What the community means by a word for a zone, the charter can say: `meetings: {zones: {ist: Asia/Kolkata}}`.";
    MEETING_WEEK = "meeting-week", Warning, "In which of several weeks a meeting is held is not said",
        "A meeting every two or more weeks needs a day on which it is held. Without one, weeks are counted from that \
         of Monday, 1 January 2024, which may well be wrong: the calendar calls the meeting tentative. Add a day, \
         for example `starting 2 June 2026`, to its frequency.";
    MEETING_ZONE = "meeting-zone", Note, "A meeting's zone is named by an abbreviation for half a year",
        "`CET` or `PST` is used for the whole year by most people and means winter only by definition. The calendar \
         takes it for the clocks of the place, in summer and in winter. Write the zone's IANA name.";
    UNKNOWN_ZONE = "time-zone", Error, "A time zone is not an IANA name",
        "Abbreviations such as `PT` or `IST` mean several zones. Use the name of the IANA database, for example \
         `America/Los_Angeles`; `Etc/GMT+12` is Anywhere on Earth.";
}
