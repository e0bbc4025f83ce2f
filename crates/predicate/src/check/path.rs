//! Fields, found in the vocabulary.

use super::{Checker, Element, Mistake, Place, Step, Type, nearest};
use crate::syntax::Path;
use crate::vocabulary::Vocabulary;

impl Checker {
    /// The type of the values at the end of a path.
    pub(super) fn path(&mut self, path: &Path, at: &Place) -> Option<Type> {
        let depth = self.scopes.len();
        let Some(place) = depth.checked_sub(path.out + 1) else {
            return self.wrong(
                Mistake::new(at, "there is nothing further out")
                    .help("`outer` is for what stands in `any`, `all`, `none` or `count`"),
            );
        };
        let element = self.scopes[place];
        let mut steps = path.steps.iter();
        let mut of = match (element, path.it) {
            (Element::Value(of), true) => of,
            (Element::Value(Type::Item(vocabulary)), false) => Type::Item(vocabulary),
            (Element::Value(of), false) => {
                let message = format!("each element is {of}, which has no fields");
                return self.wrong(Mistake::new(at, message).help("call the element `it`"));
            }
            (Element::Entry(value), _) => {
                let first = steps.next().map(|(step, _)| step);
                match first {
                    Some(Step::Field(name)) if &**name == "key" => Type::Text,
                    Some(Step::Field(name)) if &**name == "value" => value,
                    _ => {
                        return self.wrong(
                            Mistake::new(at, "an entry of a map has a key and a value only")
                                .help("write `key` or `value`"),
                        );
                    }
                }
            }
        };
        for (step, at) in steps {
            of = self.step(of, step, at)?;
        }
        Some(of)
    }

    fn step(&mut self, of: Type, step: &Step, at: &Place) -> Option<Type> {
        match (of, step) {
            (Type::Item(vocabulary), Step::Field(name)) => match vocabulary.field(name) {
                Some(field) => Some(field.holds),
                None => self.unknown(vocabulary, name, at),
            },
            (Type::Map(of), Step::Key(_)) => Some(*of),
            (Type::Map(_), Step::Field(name)) => self.wrong(
                Mistake::new(at, format!("a map has no field `{name}`"))
                    .help(format!("write [\"{name}\"] for its entry")),
            ),
            (Type::List(_), _) => self.wrong(
                Mistake::new(at, "a list has elements, no fields")
                    .help("ask with `any(…, …)` or `all(…, …)`"),
            ),
            (of, Step::Field(name)) => {
                self.wrong(Mistake::new(at, format!("{of} has no field `{name}`")))
            }
            (of, Step::Key(_)) => self.wrong(Mistake::new(at, format!("{of} has no entries"))),
        }
    }

    fn unknown<T>(&mut self, of: &dyn Vocabulary, name: &str, at: &Place) -> Option<T> {
        let names = of.fields().iter().map(|field| field.name);
        let near = nearest(name, names.clone());
        let help = near.map_or_else(
            || {
                let mut names: Vec<&str> = names.collect();
                names.sort_unstable();
                format!("it has {}", names.join(", "))
            },
            |near| format!("did you mean `{near}`?"),
        );
        let noun = base::article(of.noun());
        self.wrong(Mistake::new(at, format!("{noun} has no field `{name}`")).help(help))
    }
}
