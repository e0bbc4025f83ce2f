//! Other jobs of the same name.

use predicate::{Elements, Item, Value};

use super::Subjects;
use super::container::{text, texts};

/// The other jobs that have the name of one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Twins<'c> {
    pub(super) subjects: &'c Subjects<'c>,
    pub(super) at: usize,
}

impl<'c> Twins<'c> {
    /// Their places in the catalogue.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> + 'c {
        let (subjects, own) = (self.subjects, self.at);
        let name = subjects.catalogue.jobs[own].name.value.as_str();
        let named = subjects.named.get(name).map_or(&[][..], Vec::as_slice);
        named.iter().copied().filter(move |at| *at != own)
    }
}

impl Elements for Twins<'_> {
    fn count(&self) -> usize {
        self.places().count()
    }

    fn find(&self, wanted: &mut dyn FnMut(Value<'_>) -> bool) -> Option<usize> {
        self.places().position(|at| {
            wanted(Value::Item(&Twin {
                subjects: self.subjects,
                at,
                earlier: at < self.at,
            }))
        })
    }
}

struct Twin<'c> {
    subjects: &'c Subjects<'c>,
    at: usize,
    earlier: bool,
}

impl Item for Twin<'_> {
    fn get(&self, field: &str) -> Value<'_> {
        let job = &self.subjects.catalogue.jobs[self.at];
        match field {
            "id" => (&self.subjects.ids[self.at]).into(),
            "kind" => job.kind.name().as_str().into(),
            "path" => job.path.as_ref().into(),
            "repository" => text(job.repository()),
            "max_concurrency" => Value::Number(base::Decimal::whole(job.max_concurrency.into())),
            "cluster" => self.subjects.catalogue.cluster_of(job).into(),
            "dashboards" => {
                let shown = self.subjects.shown[self.at].iter();
                shown.map(|one| Value::Text(&one.dashboard.value)).collect()
            }
            "earlier" => self.earlier.into(),
            "required" => job.is_required().into(),
            "automatic" => job.is_automatic().into(),
            "branches" => texts(job.branches().map_or(&[], |branches| &branches.only)),
            _ => Value::Missing,
        }
    }
}
