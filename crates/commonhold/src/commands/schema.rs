//! `commonhold schema`

use crate::cli::SchemaArguments;
use crate::pages;
use crate::surroundings::Outcome;

pub(crate) fn run(arguments: &SchemaArguments) -> Outcome {
    let name = arguments.kind.as_str();
    let Some(shape) = pages::shape(name) else {
        let known = pages::shapes();
        let near = base::nearest(name, known.iter().copied());
        let help = near.map_or(format!("one of {}", known.join(", ")), |near| {
            format!("did you mean `{near}`?")
        });
        return Outcome::usage(&format!("no kind of file is called `{name}`; {help}"));
    };
    Outcome::data(format!("{:#}\n", yaml::json_schema(&shape, name)))
}
