//! The findings about files in adopted formats.

base::codes! {
    UNKNOWN_FORMAT = "source-format", Error, "A source asks for a format that is not known",
        "`commonhold help formats` lists the formats that can be read in place.";
    SOURCE_EMPTY = "source-empty", Error, "A source holds nothing of its format",
        "A wrong path looks exactly like a community that owns nothing, and is far more likely. So nothing is \
         concluded from it: correct the path or the format, or remove the source.";
    SIGS_DIR = "sigs-dir", Error, "A group's folder is not named after the group",
        "Links, labels, teams and lists are built from `dir`, which is the sort of group and its name in lower \
         case with `-` for spaces: `sig-api-lab` for the SIG called API Lab. Correct whichever of \
         the two is wrong.";
    SIGS_LABEL = "sigs-label", Error, "A group's label is not its folder without the prefix",
        "Bots find a group's issues and changes by `label`. It is `dir` without `sig-`, `wg-`, `ug-` or \
         `committee-`.";
    SIGS_LEAD_LOGIN = "sigs-lead-login", Error, "Somebody has no GitHub login",
        "A login is what makes an entry a person rather than a name: who may approve, who is counted for which \
         company and who must be removed when leaving all follow from it.";
    SIGS_LEAD_NAME = "sigs-lead-name", Error, "Somebody has no name",
        "The lists of leads that are generated from this file show names. Add the name as the person writes it.";
    SIGS_LEAD_EMAIL = "sigs-lead-email", Error, "A lead in office has no e-mail address",
        "The list of all leads is made of these addresses; a lead without one misses what leads are told. \
         Add the public address that the person agreed to.";
    SIGS_LEAD_COMPANY = "sigs-lead-company", Error, "A lead in office has no company",
        "Whether one company leads a group alone can only be judged if everybody's is known. Write \
         `Independent` for nobody.";
    SIGS_EMERITUS_COMPANY = "sigs-emeritus-company", Error, "An emeritus lead has a company",
        "Emeritus leads represent nobody, and nobody keeps the entry true. Remove the company.";
    SIGS_STAKEHOLDER = "sigs-stakeholder", Error, "A stakeholder is not a SIG of this file",
        "A working group answers to its stakeholder SIGs. The entry is the SIG's name as its `name` has it, \
         or its `dir`.";
    SIGS_STAKEHOLDERS_MISSING = "sigs-stakeholders-missing", Error, "A working group has no stakeholder SIGs",
        "A working group owns nothing of its own; its stakeholders own what it makes and decide when it ends. \
         Name them in `stakeholder_sigs`.";
    SIGS_STAKEHOLDERS_MISPLACED = "sigs-stakeholders-misplaced", Error, "A group other than a working group has stakeholder SIGs",
        "Only working groups report to SIGs. Remove `stakeholder_sigs`, or move the group to `workinggroups`.";
    SIGS_CHARTER = "sigs-charter", Error, "A SIG has no charter",
        "The charter says what the SIG decides and how. Link it from `charter_link`.";
    SIGS_MISSION = "sigs-mission", Error, "A SIG has no mission statement",
        "People find the SIG that owns their problem by this sentence. Write it in `mission_statement`.";
    SIGS_SUBPROJECTS_MISSING = "sigs-subprojects-missing", Error, "A SIG has no subprojects",
        "A SIG exists to own code or other lasting work, and subprojects are how it owns. Without any, nothing \
         is said to be its own.";
    SIGS_SUBPROJECTS_MISPLACED = "sigs-subprojects-misplaced", Error, "A group that may not own anything has subprojects",
        "Only SIGs and committees own code. Move the subprojects to the SIG that will look after them when \
         this group has ended.";
    SIGS_SUBPROJECT_OWNERS = "sigs-subproject-owners", Error, "A subproject names no OWNERS file",
        "The OWNERS files say who answers for the subproject. Link at least one.";
    SIGS_OWNERS_URL = "sigs-owners-url", Error, "A link to an OWNERS file has another form",
        "It is `https://raw.githubusercontent.com/ORG/REPO/BRANCH/PATH` or \
         `https://github.com/ORG/REPO/blob/BRANCH/PATH`, so that programs can read the file and tell whose \
         repository it is in.";
    SIGS_PRIVATE_LIST = "sigs-private-list", Warning, "A private mailing list is not an address",
        "It is neither an e-mail address nor the page of a Google group, so nobody can write to it and it \
         cannot be tied to a mailing group of the estate.";
    PERIBOLOS_TEAM_TWICE = "peribolos-team-twice", Error, "An organisation has two teams of one name",
        "Prow's merge keeps whichever file it reads last and drops the other in silence; GitHub does not allow \
         the second. Names have no case, and nested teams share them with all others. Merge the two, or \
         rename one.";
    PERIBOLOS_FORMER_NAME = "peribolos-former-name", Error, "A team's former name is another team's name",
        "`previously` makes Peribolos rename the team that has the old name. If another team bears that name, \
         or claims the same past, which of them keeps the members and permissions is left to chance.";
    PERIBOLOS_REPO_VISIBILITY = "peribolos-repo-visibility", Error, "A repository has both `private` and `visibility`",
        "`private` is the old way to say `visibility`. Peribolos refuses both together, as they may disagree. \
         Keep `visibility`.";
    PERIBOLOS_IGNORED_FILE = "peribolos-ignored-file", Warning, "A file lies where the merge does not look",
        "Teams are read from `ORG/org.yaml` and `ORG/FOLDER/teams.yaml`, no higher and no deeper. What other \
         files declare is never applied, and is not read here either. Move the file, or remove it.";
    PERIBOLOS_RESTRICTED = "peribolos-restricted", Error, "A file grants a repository that it may not",
        "`restrictions.yaml` says which repositories each file may hand out; the first entry whose path matches \
         decides, and a file that none matches may grant anything. For nested teams this is a warning, because \
         upstream's own check does not look at them. Move the team to the file of the group that owns the \
         repository, or extend the entry.";
    PERIBOLOS_RESTRICTION_PATTERN = "peribolos-restriction-pattern", Error, "A pattern in restrictions.yaml cannot be read",
        "While it cannot, nobody knows what the entry allows, and the files it would decide about are not \
         checked. Paths are globs in which `**` crosses folders; repositories are regular expressions.";
    GROUPS_NAME = "groups-name", Error, "A mailing group's name is not the first part of its address",
        "People and permissions refer to groups by either; if they differ, one group is taken for another. \
         Where a group of another domain has the name already, it is preceded by the domain's first word: \
         `lab-security` for security@lab.example.org.";
    GROUPS_RESTRICTED = "groups-restricted", Error, "A file declares a mailing group that it may not",
        "`restrictions.yaml` says which addresses each file may declare; the first entry whose path matches \
         decides, and a file that none matches may declare anything. Addresses carry permissions, so this \
         keeps one group from taking another's.";
    GROUPS_RESTRICTION_PATTERN = "groups-restriction-pattern", Error, "A pattern in restrictions.yaml cannot be read",
        "While it cannot, nobody knows what the entry allows, and the files it would decide about are not \
         checked. Paths are globs in which `**` crosses folders; addresses are regular expressions.";
    GROUPS_SETTING = "groups-setting", Warning, "A setting is ignored by the reconciler",
        "It passes on the settings it knows and drops all others in silence, so the file promises something that \
         nothing keeps. Correct the name; if it is a real setting of Google Groups that the reconciler does \
         not support, remove it here and set it by hand.";
    GROUPS_SETTING_UNQUOTED = "groups-setting-unquoted", Error, "A setting's value is not quoted",
        "All settings are texts, `\"true\"` and `\"false\"` too. Unquoted, a value is a boolean or a number to \
         some readers, which then refuse the file.";
    GROUPS_ADDRESS_TWICE = "groups-address-twice", Warning, "An address stands twice in one mailing group",
        "An address has one role; which of two wins depends on the order of the calls. Removing one entry \
         leaves the access in place. Spellings that reach one mailbox are one address.";
    GROUPS_DESCRIPTION = "groups-description", Error, "A mailing group's description is too long",
        "Google refuses descriptions of more than 300 characters, after the group's other changes were made.";
    OWNERS_PATTERN = "owners-pattern", Error, "The pattern of an owners filter cannot be read",
        "Patterns are regular expressions as Go reads them (RE2): no look-around and no references back. Prow \
         skips a malformed one without a word, so that the owners under it own nothing. Here too they own \
         nothing until it is mended.";
    OWNERS_FILTERS_IGNORED = "owners-filters-ignored", Warning, "The filters of an OWNERS file have no effect",
        "A file has either lists for the whole folder or `filters`. Where it has both, Prow reads the lists alone: \
         required reviewers or labels under a filter never come. Move the lists under the filter `\".*\"`.";
    OWNERS_AUTO_APPROVE = "owners-auto-approve", Warning, "An OWNERS file lets changes below it through without approval",
        "With `auto_approve_unowned_subfolders`, Prow asks nobody about changes in folders below that have no \
         OWNERS file of their own. The approvers shown for such a file may approve, but nothing waits for them. \
         Remove the option, or give each folder its file.";
    OWNERS_NOBODY = "owners-nobody", Warning, "A name in a list of owners is neither a login nor an alias",
        "GitHub gives out no such login and `OWNERS_ALIASES` at the root of the repository has no such alias, so the \
         entry is nobody: most often a slip in the name of an alias, a full name, or an address. Names of teams \
         count in `required_reviewers` alone.";
    OWNERS_DUPLICATE = "owners-duplicate", Note, "A name stands twice in one list of owners",
        "Nothing breaks, but a list looks longer than it is, and whoever removes the name once has not removed it. \
         Logins compare without case. Remove one of the two.";
    OWNERS_ALIAS_UNUSED = "owners-alias-unused", Note, "No OWNERS file uses an alias",
        "Its members own nothing through it. Remove it, unless a program keeps the same aliases in many repositories.";
    OWNERS_ALIAS_ELSEWHERE = "owners-alias-elsewhere", Warning, "An OWNERS file uses an alias of another repository",
        "Aliases are looked up in the OWNERS_ALIASES at the root of the same repository only. The name is an alias in \
         another source of this estate, so it is not taken for a login here; the bots would take it for one, and \
         nobody could approve. If only a part of a repository is adopted, adopt its root.";
    OWNERS_ALIAS_NESTED = "owners-alias-nested", Warning, "An alias stands in an alias",
        "Aliases are replaced once. An alias inside another is taken for a login, which nobody has, or which \
         somebody may yet get. Write out the people behind it.";
    OWNERS_ALIASES_PLACE = "owners-aliases-place", Warning, "An OWNERS_ALIASES file stands where nobody reads it",
        "Aliases are read from the root of the repository only. Move them there. If the folder is the root of another \
         repository, give it a source of its own: its owners would otherwise inherit from folders that are not \
         theirs.";
    ZONE_FILES = "zone-files", Error, "The files of a zone cannot be found or read",
        "A missing file, a pattern that matches nothing, an empty file or a link that became a file with a \
         name in it look like a zone without records, and would have everything deleted. So such a zone is not read \
         at all. A file that declares nothing on purpose says so: `{}`.";
    ZONE_EMPTY = "zone-empty", Warning, "A zone declares no records",
        "Its files were read and say that there is nothing. That may be meant, for a zone that is new or has moved. \
         If not, look for lines that were made comments.";
    ZONE_RECORD = "zone-record", Error, "A record of a zone file is wrong",
        "The message says what, and by `via:` which of octoDNS's validators says so too. Where a rule is about \
         what should be served rather than what can be, `octodns: {lenient: true}` on the record makes it a \
         warning. No record of a zone is planned while one of them is wrong.";
    ZONE_RECORD_TWICE = "zone-record-twice", Error, "A record set or a value is declared twice",
        "A name has one set of each type; all its values stand in one place. Of two declarations octoDNS takes one in \
         one file and stops at two in several, and repeated values go to servers that refuse them. Names compare \
         without case.";
    ZONE_ORDER = "zone-order", Error, "The keys of a zone file are not in order",
        "The zone asks for it by `enforce_order`, as octoDNS does unless told otherwise, so that changes are easy \
         to review. Runs of digits compare as numbers: `a2` stands before `a10`.";
    ZONE_CUT = "zone-cut", Error, "A record belongs to another zone",
        "Where a zone begins below another, the upper one holds NS and DS for it and nothing else. What it \
         declares at or below that name is never served. Declare it in the lower zone.";
    ZONE_VALIDATOR = "zone-validator", Error, "A zone does not pass a validator it asks for",
        "The message ends with the id of the validator, as in octoDNS. A zone is held to the sets it names under \
         `validators` (`legacy` if none), and does without those under `without_validators`. Where all records \
         it is about are lenient it is a warning.";
    ZONE_VALIDATOR_UNKNOWN = "zone-validator-unknown", Error, "No validator has that id",
        "A slip in an id would leave a zone unchecked, or checked where somebody decided otherwise.";
    OCTODNS_CONFIG = "octodns-config", Error, "A setting of octoDNS cannot be read",
        "The message says which form it has.";
    OCTODNS_NOT_TAKEN = "octodns-not-taken", Warning, "A setting of octoDNS is not taken over",
        "The zones are read all the same. Look whether they mean the same without it; what it does may have \
         another place here, or none.";
    PROW_FILE_TWICE = "prow-file-twice", Error, "Two files of jobs have the same name",
        "Files of jobs are put into one map by their names, without their folders. Of two that share a name, \
         one would take the place of the other, and its jobs would be gone.";
    PROW_SECOND_DOCUMENT = "prow-second-document", Error, "A file of jobs holds a second document",
        "Prow reads the first document of a file and nothing after it, in silence. Jobs behind a second `---` \
         look declared and never run.";
}
