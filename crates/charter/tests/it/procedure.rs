//! What procedures lack, and by what a body decides on something.

use base::Diagnostic;
use charter::Charter;
use charter::procedure::{ItemKind, NoRules, Rules, rules};
use estate::Estate;
use jiff::civil::date;

use crate::support::{charter_of, estate};

const COUNCIL: &str = "members: [ada, ben]\n";

fn world(charter: &str, council: &str) -> Estate {
    estate(&[
        ("charter.yaml", charter),
        ("people/ada.yaml", "name: Ada\n"),
        ("people/ben.yaml", "name: Ben\nleft: 2020-01-31\n"),
        ("people/cy.yaml", "name: Cy\n"),
        ("groups/council.yaml", council),
        ("groups/others.yaml", "members: [cy]\n"),
        ("groups/empty.yaml", "title: Nobody\n"),
    ])
}

fn findings(charter: &str) -> Vec<Diagnostic> {
    Charter::of(&world(charter, COUNCIL)).1
}

/// The charter with one procedure.
fn with(procedure: &str) -> String {
    format!("decisions:\n  procedures:\n    told: {procedure}\n")
}

fn said(charter: &str) -> Vec<(&'static str, String)> {
    let findings = findings(charter).into_iter();
    findings
        .map(|finding| (finding.code.id, finding.message))
        .collect()
}

const VOTE: &str = "vote: {threshold: 1/2, relation: \">\", base: members, max_open: 7d}";

#[test]
fn a_procedure_that_has_what_it_needs_has_no_findings() {
    for procedure in [
        format!("{{{VOTE}}}"),
        "{review: {count: 1, by: [council]}, expires: 30d}".to_owned(),
        "{review: {count: 1, by: [council]}, escalate: {to: others, after: 30d}}".to_owned(),
        "{notice: {to: [council]}, lazy: {period: 72h, support: 0}, expires: 30d}".to_owned(),
        "{vote: {threshold: 1/2, relation: \">=\", base: seats, seats: 7, max_open: 7d}}"
            .to_owned(),
        format!("{{{VOTE}, second: {{count: 1, within: 7d}}}}"),
    ] {
        assert_eq!(said(&with(&procedure)), [], "{procedure}");
    }
}

#[test]
fn what_is_missing_is_said_of_each_procedure() {
    let open_for_ever = "an item decided by `told` could stay open for ever";
    for (procedure, message) in [
        (
            "{expires: 9d}",
            "nobody has to agree by the procedure `told`",
        ),
        (
            "{notice: {to: [council]}, expires: 9d}",
            "nobody has to agree by the procedure `told`",
        ),
        (
            "{lazy: {period: 72h, support: 0}, expires: 9d}",
            "by `told` silence is agreement, but nobody is told",
        ),
        (
            "{review: {count: 1, by: [council]}, sign_off: {share: 1/2, relation: \">\"}, expires: 9d}",
            "`told` has a `sign_off` and no `lazy` that would follow it",
        ),
        ("{review: {count: 1, by: [council]}}", open_for_ever),
        (
            "{vote: {threshold: 1/2, relation: \">\", base: seats, max_open: 7d}}",
            "the threshold is a share of the seats, and nothing says how many there are",
        ),
        (
            "{review: {count: 1, by: [council]}, expires: 9d, ratify: {by: [council], within: 7d, objections: 1, \
              vote: {threshold: 1/2, relation: \">\", base: seats, max_open: 7d}}}",
            "the threshold is a share of the seats, and nothing says how many there are",
        ),
    ] {
        let found = said(&with(procedure));
        assert_eq!(
            found,
            [("procedure-incomplete", message.to_owned())],
            "{procedure}"
        );
    }
}

#[test]
fn what_finds_no_outcome_by_itself_has_an_end() {
    let lazy = "notice: {to: [council]}, lazy: {period: 72h, support: 0}";
    let supported = "notice: {to: [council]}, lazy: {period: 72h, support: 1}";
    let asked = "consult: {groups: [others], silence: blocks}";
    let heard = "consult: {groups: [others], silence: consents}";
    let signed = "sign_off: {share: 1/2, relation: \">\"}";
    let objection = "objection: {ttl: 10d}";
    let review = "review: {count: 1, by: [council]}";
    for (procedure, ends) in [
        // An objection may stand; with a vote, or silence after an answer, it does not for ever.
        (format!("{{{lazy}}}"), false),
        (format!("{{{lazy}, {objection}}}"), false),
        (format!("{{{lazy}, {VOTE}}}"), true),
        (format!("{{{lazy}, {heard}, {VOTE}}}"), true),
        (format!("{{{supported}, {VOTE}}}"), false),
        (format!("{{{lazy}, {asked}, {VOTE}}}"), false),
        (format!("{{{lazy}, {signed}, {VOTE}}}"), false),
        (format!("{{{lazy}, {review}, {VOTE}}}"), false),
        (format!("{{{VOTE}}}"), true),
        (format!("{{{VOTE}, {heard}}}"), true),
        (format!("{{{VOTE}, {asked}}}"), false),
        (format!("{{{VOTE}, {review}}}"), false),
        (format!("{{{VOTE}, {objection}}}"), false),
        (format!("{{{VOTE}, {objection}, expires: 9d}}"), true),
    ] {
        let found = said(&with(&procedure));
        assert_eq!(found.is_empty(), ends, "{procedure}: {found:?}");
    }
}

#[test]
fn a_share_that_nobody_can_exceed_is_found() {
    let procedure = "{vote: {threshold: 3/3, relation: \">\", base: members, max_open: 7d}}";
    let message = "more than 3/3 of something is never in favour";
    assert_eq!(
        said(&with(procedure)),
        [("procedure-incomplete", message.to_owned())]
    );
    let sign_off = "{notice: {to: [council]}, sign_off: {share: 1/1, relation: \">\"}, lazy: {period: 9d, support: 0}, expires: 9d}";
    assert_eq!(said(&with(sign_off)).len(), 1);
}

#[test]
fn names_that_lead_nowhere_are_found() {
    let known = with(&format!("{{{VOTE}}}"));
    for (more, code) in [
        ("  procedure: tols\n", "procedure-unknown"),
        (
            "  kinds: {policy: {procedure: other}}\n",
            "procedure-unknown",
        ),
        ("  kinds: {polici: {procedure: told}}\n", "yaml-unknown-key"),
        ("  kinds: {policy: {body: concil}}\n", "reference-unknown"),
    ] {
        let found = said(&format!("{known}{more}"));
        assert_eq!(found.len(), 1, "{more}: {found:?}");
        assert_eq!(found[0].0, code, "{more}");
    }
    for procedure in [
        "{review: {count: 1, by: [concil]}, expires: 9d}",
        "{review: {count: 1, by: [council]}, escalate: {to: concil, after: 9d}}",
        "{review: {count: 1, by: [council]}, expires: 9d, appeal: {by: [council], count: 1, within: 9d, to: concil, decide_within: 30d}}",
        "{review: {count: 1, by: [council]}, expires: 9d, veto: {by: [concil], within: 9d}}",
        "{review: {count: 1, by: [council]}, expires: 9d, ratify: {by: [concil], within: 9d, objections: 1}}",
        "{vote: {threshold: 1/2, relation: \">\", base: cast, max_open: 9d}, second: {count: 1, by: [concil], within: 9d}}",
    ] {
        let found = said(&with(procedure));
        assert_eq!(found.len(), 1, "{procedure}: {found:?}");
        assert_eq!(found[0].0, "reference-unknown", "{procedure}");
    }
    let estate = world(&known, "decides_by: tolt\n");
    let (_, found) = Charter::of(&estate);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code.id, "procedure-unknown");
    assert_eq!(found[0].help.as_deref(), Some("did you mean `told`?"));
}

const TWO: &str = "decisions:
  procedures:
    routine: {vote: {threshold: 1/2, relation: '>', base: members, max_open: 7d}}
    solemn: {vote: {threshold: 3/4, relation: '>=', base: members, max_open: 7d}}
    own: {review: {count: 1, by: [others]}, expires: 9d}
";

fn ruled(
    charter: &str,
    council: &str,
    kind: ItemKind,
    body: Option<&str>,
) -> Result<Rules, NoRules> {
    let estate = world(charter, council);
    let charter = charter_of(&estate);
    rules(kind, body, &charter, &estate, date(2026, 6, 1))
}

#[test]
fn the_kind_goes_before_the_body_and_the_body_before_what_is_for_all() {
    let charter = format!(
        "{TWO}  procedure: routine\n  kinds: {{charter: {{procedure: solemn}}, role: {{body: council}}}}\n"
    );
    let own = "members: [ada]\ndecides_by: own\n";
    for (council, kind, body, name) in [
        (COUNCIL, ItemKind::Policy, Some("council"), "routine"),
        (COUNCIL, ItemKind::Charter, Some("council"), "solemn"),
        (own, ItemKind::Policy, Some("council"), "own"),
        (own, ItemKind::Charter, Some("COUNCIL"), "solemn"),
        (own, ItemKind::Role, None, "own"),
        (own, ItemKind::Role, Some("Council"), "own"),
    ] {
        let found = ruled(&charter, council, kind, body).unwrap();
        assert_eq!(
            (found.name.as_str(), found.body.as_str()),
            (name, "council")
        );
    }
}

#[test]
fn what_nobody_can_tell_is_an_error_that_says_what_to_do() {
    let charter = format!("{TWO}  kinds: {{role: {{body: council, procedure: routine}}}}\n");
    let of = |kind, body| ruled(&charter, COUNCIL, kind, body).unwrap_err();
    let kind = ItemKind::Role;
    assert_eq!(
        of(kind, Some("others")),
        NoRules::OtherBody {
            kind,
            decides: "council".to_owned(),
            named: "others".to_owned()
        }
    );
    assert_eq!(
        of(ItemKind::Policy, None),
        NoRules::NoBody(ItemKind::Policy)
    );
    assert_eq!(
        of(ItemKind::Policy, Some("cuoncil")),
        NoRules::UnknownBody("cuoncil".to_owned())
    );
    assert_eq!(
        of(ItemKind::Policy, Some("council")),
        NoRules::NoProcedure {
            kind: ItemKind::Policy,
            body: "council".to_owned()
        }
    );
    assert!(
        of(ItemKind::Policy, None)
            .to_string()
            .contains("`decisions.kinds.policy.body`")
    );
    let broken = world(&format!("{TWO}  procedure: none\n"), COUNCIL);
    let (charter, _) = Charter::of(&broken);
    let day = date(2026, 6, 1);
    assert_eq!(
        rules(ItemKind::Policy, Some("council"), &charter, &broken, day).unwrap_err(),
        NoRules::UnknownProcedure("none".to_owned())
    );
}

#[test]
fn a_procedure_that_cannot_be_read_is_none() {
    let text = with("{vote: {threshold: 1/2, relation: \">\", base: membres, max_open: 7d}}");
    let estate = world(&format!("{text}  procedure: told\n"), COUNCIL);
    let (charter, findings) = Charter::of(&estate);
    assert!(!findings.is_empty());
    assert_eq!(
        rules(
            ItemKind::Policy,
            Some("council"),
            &charter,
            &estate,
            date(2026, 6, 1)
        )
        .unwrap_err(),
        NoRules::UnknownProcedure("told".to_owned())
    );
}

#[test]
fn who_has_left_by_the_day_decides_no_more() {
    let names = |rules: &Rules| -> Vec<String> {
        rules.members.iter().map(|one| one.person.clone()).collect()
    };
    let charter = format!("{TWO}  procedure: routine\n");
    let found = ruled(&charter, COUNCIL, ItemKind::Policy, Some("council")).unwrap();
    assert_eq!(names(&found), ["ada"]);
    assert_eq!(names(&found), names(&found.clone()));
    let estate = world(&charter, COUNCIL);
    let (charter, _) = Charter::of(&estate);
    let then = rules(
        ItemKind::Policy,
        Some("council"),
        &charter,
        &estate,
        date(2020, 1, 1),
    )
    .unwrap();
    assert_eq!(names(&then), ["ada", "ben"]);
}

#[test]
fn what_too_few_can_do_is_impossible_and_says_so() {
    let of = |procedure: &str, body: &str| {
        let charter = format!("{}  procedure: told\n", with(procedure));
        ruled(&charter, COUNCIL, ItemKind::Policy, Some(body))
            .unwrap()
            .impossible
    };
    for (procedure, body, reason) in [
        (
            "{review: {count: 2, by: [others]}, expires: 9d}",
            "council",
            "2 people must approve, and 1 can",
        ),
        (
            "{notice: {to: [others]}, lazy: {period: 9d, support: 2}, expires: 9d}",
            "council",
            "2 people must support it, and 1 can",
        ),
        (
            "{vote: {threshold: 1/2, relation: \">\", base: members, max_open: 7d}}",
            "empty",
            "1 person must vote, and 0 can",
        ),
        (
            "{review: {count: 1, by: [others]}, consult: {groups: [empty], silence: blocks}, expires: 9d}",
            "council",
            "nobody can answer for empty",
        ),
    ] {
        assert_eq!(of(procedure, body), [reason], "{procedure}");
    }
    let silent = "{review: {count: 1, by: [others]}, notice: {to: [others]}, lazy: {period: 9d, support: 0}, \
                  consult: {groups: [empty], silence: consents}, expires: 9d}";
    assert_eq!(of(silent, "council"), [""; 0]);
}
