//! What a portal offers where nobody can do anything: one that only shows, and a copy of its pages as files.

use portal::model::{Page, Part};

/// Pages, and what is below them, where one signs in, asks or votes.
const DOING: [&str; 4] = ["/act", "/account", "/desk", "/sign-in"];
const BALLOT: &str = "/ballot";

/// Takes out what leads to where something could be done, and what would be sent there.
pub(super) fn only(page: &mut Page) {
    take(&mut page.parts);
}

fn take(parts: &mut Vec<Part>) {
    parts.retain_mut(|part| match part {
        Part::Form(form) => !does(&form.action),
        Part::Notice(_, _, Some(link)) => !link.to.as_deref().is_some_and(does),
        Part::Only(_, parts) | Part::Folded(_, parts) => {
            take(parts);
            !parts.is_empty()
        }
        _ => true,
    });
}

fn does(to: &str) -> bool {
    let path = to.split(['?', '#']).next().unwrap_or(to);
    let below = |above: &str| {
        path.strip_prefix(above)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    DOING.iter().any(|above| below(above)) || path.ends_with(BALLOT)
}

#[cfg(test)]
mod tests {
    use portal::model::{Form, Link, Mood, Section};

    use super::*;

    fn notice(to: &str) -> Part {
        Part::Notice(Mood::Plain, to.to_owned(), Some(Link::new("there", to)))
    }

    #[test]
    fn what_leads_to_the_desk_a_form_or_a_ballot_is_taken_out_and_all_else_stays() {
        let mut page = Page::new(Section::Home, "/", "Home");
        let form = Form {
            action: "/act".to_owned(),
            ..Form::default()
        };
        page.add(notice("/desk"));
        page.add(notice("/sign-in?next=%2F"));
        page.add(notice("/elections/2021/steering/ballot"));
        page.add(Part::Folded(
            "More".to_owned(),
            vec![notice("/desk/dns-record"), Part::Form(form)],
        ));
        page.add(notice("/desktops"));
        page.add(Part::Only(
            portal::Audience::SignedIn,
            vec![notice("/account"), notice("/calendar")],
        ));
        page.say("Words.");
        only(&mut page);
        let left = format!("{:?}", page.parts);
        assert_eq!(page.parts.len(), 3, "{left}");
        assert!(
            left.contains("/desktops") && left.contains("/calendar"),
            "{left}"
        );
        for gone in ["\"/desk\"", "dns-record", "/act", "/account", "ballot"] {
            assert!(!left.contains(gone), "{gone}: {left}");
        }
    }
}
