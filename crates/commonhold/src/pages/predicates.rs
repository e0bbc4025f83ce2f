//! The pages about what can be said of things: the language, and the fields of each kind.

use std::fmt::Write;

use estate::kinds::About;
use predicate::{Type, Vocabulary};

/// What predicates can be about, by the names that policies and migrations use.
const ABOUT: [(&str, About); 6] = [
    ("job", About::Job),
    ("preset", About::Preset),
    ("tab", About::Tab),
    ("service", About::Service),
    ("account", About::Account),
    ("mailing-group", About::MailingGroup),
];

const LANGUAGE: &str = "\
Predicates
==========
What `must` and `where` of a policy say, and `goal` and `scope` of a migration.

  cluster == \"old\" and not (path ~ \"trusted/**\" or owner is missing)
  any(containers, image matches \":latest$\")     all(approvers, it != \"bot\")
  labels[\"team\"]                                any(labels, key ~ \"x-*\" and value == \"true\")
  timeout > 2h30m                               count(approvers) < 3
  name in [\"a\", \"b\"]                            \"lead\" not in roles
  due < today + 30d                             none(volumes, host_path is not missing)

  ==  !=  <  <=  >  >=     values of one type; 27Gi, 500m, 2h30m, 14d, 2026-01-31
  ~  !~                    a glob, held against all of a text; only ** crosses /
  matches                  a regular expression, found anywhere in a text
  in  contains             an element of a list, a key of a map, a part of a text
  is missing, is empty     what is missing compares with nothing
  any all none count       over a list or a map: names are fields of the element, `it` is
                           the element, `key` and `value` an entry, `outer.` leads out
  not, and, or             in this order of strength

";

/// The words for `commonhold help predicates`: the language, or the fields of one kind.
pub(crate) fn help(kind: Option<&str>) -> Result<String, String> {
    let names = ABOUT.map(|(name, _)| name);
    let Some(kind) = kind else {
        let text = format!(
            "{LANGUAGE}`commonhold help predicates KIND` lists the fields of a kind: {}\n",
            names.join(", ")
        );
        return Ok(text);
    };
    let found = ABOUT.iter().find(|(name, _)| *name == kind);
    let (_, about) = found.ok_or_else(|| match base::nearest(kind, names) {
        Some(near) => format!("predicates say nothing of `{kind}`; did you mean `{near}`?"),
        None => format!(
            "predicates say nothing of `{kind}`, but of {}",
            names.join(", ")
        ),
    })?;
    let title = format!("What can be said of {}", base::article(kind));
    let mut text = format!("{title}\n{}\n", "=".repeat(title.len()));
    let fields = policy::vocabulary(*about).fields();
    let widest = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    for (within, words) in with_inner(policy::vocabulary(*about)) {
        if !std::ptr::eq(words.fields(), fields) {
            let _ = writeln!(text, "\n{within}:");
        }
        let names = widest(&mut words.fields().iter().map(|field| field.name.len()));
        let kinds = widest(&mut words.fields().iter().map(|field| holds(field.holds).len()));
        for field in words.fields() {
            let kind = holds(field.holds);
            let _ = writeln!(
                text,
                "  {:names$}  {kind:kinds$}  {}",
                field.name, field.doc
            );
        }
    }
    Ok(text)
}

/// The reference of all kinds, as Markdown.
pub fn predicates_reference() -> String {
    let mut page = format!(
        "# Predicates\n\nGenerated from the code; `commonhold help predicates` prints the same.\n\n```text\n{}\n```\n",
        LANGUAGE.trim_end()
    );
    for (name, about) in ABOUT {
        let _ = writeln!(page, "\n## {name}");
        for (nth, (within, words)) in with_inner(policy::vocabulary(about))
            .into_iter()
            .enumerate()
        {
            if nth > 0 {
                let _ = writeln!(page, "\n### {name}: {within}");
            }
            page.push_str("\n| field | holds | meaning |\n| --- | --- | --- |\n");
            for field in words.fields() {
                let _ = writeln!(
                    page,
                    "| `{}` | {} | {} |",
                    field.name,
                    holds(field.holds),
                    field.doc
                );
            }
        }
    }
    page
}

/// A vocabulary and those of what is in its lists, each with where it is met first.
fn with_inner(outer: &'static dyn Vocabulary) -> Vec<(String, &'static dyn Vocabulary)> {
    let mut all = vec![(outer.noun().to_owned(), outer)];
    let mut next = 0;
    while let Some((_, words)) = all.get(next).cloned() {
        for field in words.fields() {
            let inner = match field.holds {
                Type::List(of) | Type::Map(of) => *of,
                of => of,
            };
            if let Type::Item(inner) = inner
                && all.iter().all(|(_, known)| known.noun() != inner.noun())
            {
                all.push((
                    format!("{} in `{}`", base::article(inner.noun()), field.name),
                    inner,
                ));
            }
        }
        next += 1;
    }
    all
}

fn holds(of: Type) -> String {
    match of {
        Type::Truth => "true or false".to_owned(),
        Type::Number => "number".to_owned(),
        Type::Quantity => "quantity".to_owned(),
        Type::Duration => "duration".to_owned(),
        Type::Date => "day".to_owned(),
        Type::Text => "text".to_owned(),
        Type::List(of) => format!("list: {}", holds(*of)),
        Type::Map(of) => format!("map: {}", holds(*of)),
        Type::Item(of) => of.noun().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{ABOUT, help};

    #[test]
    fn every_field_of_every_kind_is_listed() {
        for (name, about) in ABOUT {
            let text = help(Some(name)).expect(name);
            for field in policy::vocabulary(about).fields() {
                assert!(
                    text.contains(&format!("  {} ", field.name)),
                    "{name}: {}",
                    field.name
                );
            }
        }
        assert!(help(None).is_ok_and(|text| text.contains("mailing-group")));
        assert_eq!(
            help(Some("jobb")),
            Err("predicates say nothing of `jobb`; did you mean `job`?".to_owned())
        );
    }
}
