//! The findings about who may do what.

base::codes! {
    TEAM_CYCLE = "access-team-cycle", Error, "Teams are parts of each other, or include each other, in a circle",
        "A team that is a part of its own part cannot be made on any forge. Teams that include each other all hold the \
         same people, which is one team under several names, and whoever is added to one gets what all may do. \
         Remove one of the steps.";
    INCLUSION = "access-inclusion", Error, "An inclusion does not say whom it means",
        "It names one group, with the roles that count if not all do, or one team. One that names both, neither, a role \
         of a team, or a role that the group does not have, brings nobody. Roles are those under the group's `leads`, \
         `lead` for all of them, `member`, `liaison` and `subproject-lead`; they may stand in the plural.";
    OUTSIDER = "access-outside-organisation", Error, "A team holds somebody who is not in its organisation",
        "They come by an inclusion or for a time. A forge would invite them to the organisation, and they would stay there \
         when the reason has gone. Add them to the organisation, or leave them out by `exclude`.";
    ADMIN_LISTED = "access-admin-listed", Warning, "An administrator of an organisation is listed as a plain member of a team",
        "A forge makes the administrators of an organisation maintainers of every team they are in, whatever is said. List \
         them under `maintainers`, so that the file says what is.";
    TWICE = "access-twice", Error, "One thing is said twice, in different case",
        "Systems compare the names of repositories, teams and logins without case. Of two entries for one thing, which one \
         holds depends on the order of the calls, and removing one takes away what the other gives. Keep the one that is meant.";
    TEAM_TWICE = "access-team-twice", Error, "Two teams of an organisation cannot both be",
        "A forge compares the names of teams without case, and has an address for each: the name in lower case, with a dash \
         for whatever is no letter and no digit. Of two with one name, one team would be made with the people and the \
         permissions of both; the second with one address is refused. Merge the two, or rename one.";
    SECRET_TEAM = "access-secret-team", Error, "A secret team is part of another, or has parts",
        "A forge keeps secret teams out of the tree: it refuses a secret team with a parent, and one with parts. Make it \
         visible, or let it stand by itself.";
    NAME = "access-name", Error, "A team or a repository has a name that cannot stand in a plan",
        "A plan names what is in a team as `team NAME > member LOGIN`. With ` > ` in the name, the text of one thing is that \
         of another, and whoever approves it cannot tell which is meant. A blank name and control characters are refused by \
         forges, or shown as something else.";
    REPOSITORY = "access-repository", Error, "A permission is on no repository of the team's organisation",
        "A repository is written as `organisation/name`, and a forge gives a team only what is in its own organisation. With \
         another organisation before it, or none, a repository of the same name here would be meant by some and not by \
         others. Name one that is here, or use a team of the other organisation.";
    ROLE_GRANT = "access-role-grant", Error, "A role of a team does not say what it gives",
        "It names a `role` of a system, with what it is `on`; or a `group` of a directory; or a `mailing_group`, with `owner`, \
         `manager` or `member` as its role. What names several of them, or none, gives nothing.";
    EXPIRED = "access-expired", Warning, "What was given for a time has ended",
        "Its last day is over, so it is taken away, and the file still says it. Remove the entry; or ask its owner, and set \
         another day.";
    BREAK_GLASS = "access-break-glass", Warning, "Access that was taken in an emergency is in use",
        "That is allowed, and seen: somebody who was not concerned should look at what was done with it, and it should be \
         gone as soon as the emergency is.";
    BREAK_GLASS_TERMS = "access-break-glass-terms", Error, "Access for an emergency lacks its reason, or lasts too long",
        "It needs a `reason`, and an `until` no later than tomorrow. What is needed for longer is no emergency: ask for it in \
         the usual way.";
    SYSTEM = "access-system-incomplete", Error, "A system that holds access lacks what it is spoken to with",
        "GitHub needs a `secret` and the `organisations` it holds; Google Groups a `secret` and `mail_domains`; Mailman an \
         `address`, a `user`, a `secret` and `mail_domains`; a directory an `address`, a `user`, a `secret` and a `base`. \
         A secret is written as `env/NAME`, the environment variable that holds it.";
    OVERLAP = "access-system-overlap", Error, "Two systems hold the same",
        "Each would bring it to what the estate says, and neither knows what the other keeps beside it. An organisation, a \
         domain of mailing groups and the base of a directory are held by one system.";
    ADMINS = "access-admins", Error, "An organisation lacks administrators that its system asks for",
        "With too few, the loss of one account shuts everybody out; the system's file says how many there must be \
         (`min_admins`) and who (`required_admins`). Nothing is planned that would leave it so. Robots count: a forge does \
         not tell them apart.";
    SETTING = "access-setting", Error, "A setting of a mailing group is not one its system has, or has another value",
        "Google refuses a value that it does not know, after other settings were changed, and drops a setting that it does \
         not know in silence. Names and values are those of the Groups Settings interface, all values as texts.";
    MAIL_DOMAIN = "access-mail-domain", Warning, "No system holds the domain of a mailing group",
        "Its members are written down and brought nowhere. Add the domain to the `mail_domains` of the system that has it, or \
         correct the address.";
    MAILING_CYCLE = "access-mailing-cycle", Error, "Mailing groups are in each other in a circle",
        "Google refuses the last member that closes it, and Mailman sends each message round until it is stopped. Remove one \
         of the steps.";
    OWNING_GROUP = "access-owning-group", Error, "A mailing group owns another",
        "Google lets no group own a group: the call is refused, and the group may be left without an owner. Name the people, \
         or make the group a manager.";
    NO_ADDRESS = "access-no-address", Warning, "Somebody should be in a mailing group and has no public address",
        "They come by an inclusion or a role of their team, which brings people by the `email` of their file. Until there is \
         one they miss what the others get.";
}
