//! The findings about policies and their baselines.

base::codes! {
    BROKEN = "policy-broken", Error, "Something breaks a rule that the community wrote itself",
        "The rules stand in `policies/`. A finding shows the rule as `POLICY/RULE`, and `commonhold explain \
         POLICY/RULE` tells what it says, why, and who answers for it. Mend what is shown, or let the owner of the \
         rule excuse it for a time, with a reason and a decision. What could only be read in part is not held against.";
    PREDICATE = "policy-predicate", Error, "What a policy or a migration says cannot be read",
        "It is held against the fields of what it is about when it is read: a field that is none, a text where a \
         number belongs, a pattern that is none. Until it is mended, nothing is judged by it. `commonhold help \
         predicates` lists the fields and shows how things are said.";
    RULE = "policy-rule", Error, "A rule of a policy is not declared well",
        "A rule is called by words of small letters and digits with `-` between them, for ever, and no other rule of \
         its policy is called so: findings, exceptions and lists refer to it. `at` names a field of what the policy is \
         about, or a field in the elements of one, as `containers.image`.";
    NO_SOURCE = "policy-no-source", Error, "A policy is about things that no source declares",
        "A policy about jobs, presets or tabs says nothing where no source of jobs is named in `commonhold.yaml`, and \
         one that asks who approves says nothing without a source of owners. Name the source, or remove the policy: \
         otherwise it looks as if something were kept that nobody looks at.";
    EXCEPTION_EXPIRED = "policy-exception-expired", Error, "An exception of a policy or a migration has run out",
        "An exception is a promise to mend something by a day, and the day is over. What it excused is reported again. \
         Mend it, or let the owner decide on a new end and record that decision.";
    EXCEPTION_UNUSED = "policy-exception-unused", Note, "An exception of a policy excuses nothing",
        "Nothing that it is for breaks the rule: it was mended, removed or misspelled. Remove the exception, so that it \
         cannot excuse a later fault by accident.";
    EXCEPTION_ENDLESS = "policy-exception-endless", Warning, "An exception has no end",
        "What is excused without an end is never mended. It holds for now; give it `until`, the last day on which it \
         holds, or change the rule so that it does not ask for what the community does not want.";
    GROWN = "ratchet-grown", Error, "Something new breaks what may only become less",
        "A rule or migration with `ratchet: true` lets be what broke it when it began: each such thing is listed in a \
         file beside it. Nothing is added to that list, so whatever is not on it has to keep to the rule. A release's \
         copy of something listed is let be too.";
    SLACK = "ratchet-slack", Warning, "A list of what may only become less names what keeps to the rule by now",
        "`commonhold check` takes such names off the list by itself. Here it was told not to write, or to judge another \
         day than today. Run `commonhold check` and commit what it wrote: until then, the same fault may come back \
         unseen.";
    APPROVAL_DIFFERS = "approval-differs", Error, "A list that needs its owners' agreement is not as things are",
        "An approval of a policy keeps a list of things in a file of its own, in a folder with owners of its own. \
         `commonhold check --fix` writes the file, and the change of it is reviewed by its owners, beside the change of \
         the things. So nobody changes these things alone. Do not edit the file by hand.";
    APPROVAL_UNGUARDED = "approval-unguarded", Error, "A list is approved by those who may change what is on it",
        "The nearest file of owners decides who approves the list. Where everybody who approves changes of the things \
         approves the list too, the list asks nobody else. Put a file of owners beside it that names other people and \
         keeps out those of the folders above (`no_parent_owners`).";
    BASELINE = "ratchet-baseline", Error, "The list of what may only become less cannot be read, or is missing",
        "Without its list a rule with `ratchet: true` cannot tell what is new. The list is the file \
         `policies/POLICY.RULE.baseline`, or `migrations/NAME.baseline`: one id a line, sorted, and comments after `#`. \
         `commonhold check --start POLICY/RULE` or `commonhold migration ratchet NAME --start` writes it once; from then \
         on it only becomes shorter.";
}
