//! `sigs.yaml`: the groups of a community with their leads, contacts, meetings
//! and subprojects, as kubernetes/community keeps them.
//!
//! A group's name is its `dir`, for example `sig-api-machinery`. What the
//! generator of that repository refuses is refused here too, with a place.

mod convert;
mod entries;
mod validate;

use base::Diagnostic;
use estate::{Draft, Source, Tree, join};
use yaml::Profile;

use crate::Adapter;
use crate::shards::{self, split};
use entries::{GroupEntry, SigsFile};

/// `sigs.yaml` of kubernetes/community.
pub(crate) static ADAPTER: Adapter = Adapter {
    name: "sigs.yaml",
    about: "SIGs, working groups and committees, their leads and subprojects (kubernetes/community)",
    adopt,
    detect,
};

/// What sort of body a list of the file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Sig,
    WorkingGroup,
    UserGroup,
    Committee,
}

impl Sort {
    /// The word before the name in `dir`, which is also the kind of group.
    fn prefix(self) -> &'static str {
        match self {
            Self::Sig => "sig",
            Self::WorkingGroup => "wg",
            Self::UserGroup => "ug",
            Self::Committee => "committee",
        }
    }

    fn may_own(self) -> bool {
        matches!(self, Self::Sig | Self::Committee)
    }
}

fn adopt(source: &Source, tree: &dyn Tree, draft: &mut Draft) {
    let named_at = source.path.span;
    let read = shards::read_files(vec![join("", &source.path)], tree, named_at, draft);
    let Some((_, file)) = read.value.into_iter().next() else {
        return mark_incomplete(draft);
    };
    let decoded = shards::decode::<SigsFile>(file, Profile::GO_STRICT, draft);
    if !decoded.whole {
        mark_incomplete(draft);
    }
    let Some(entries) = decoded.value else { return };
    let groups = sorted(&entries);
    if groups.is_empty() && decoded.whole {
        let message = format!("{} declares no groups", source.path);
        let help = "groups stand under `sigs`, `workinggroups`, `usergroups` and `committees`";
        shards::empty(named_at, message, help, draft);
    }
    let directory = Directory::of(&entries.sigs, decoded.whole);
    for (sort, group) in groups {
        validate::group(sort, group, &directory, &mut draft.findings);
        convert::group(sort, group, &directory, draft);
    }
    if let Some(representative) = &entries.gb_rep {
        // A role in the foundation's board, not in a group; the estate meets the person only.
        let subject = "the governing board representative";
        validate::lead_in_office(representative, subject, &mut draft.findings);
        convert::sight(representative, draft);
    }
}

/// Says that groups and people are missing that this file would have declared.
fn mark_incomplete(draft: &mut Draft) {
    draft.tables.groups.mark_incomplete();
    draft.tables.people.mark_incomplete();
}

fn sorted(file: &SigsFile) -> Vec<(Sort, &GroupEntry)> {
    let lists = [
        (Sort::Sig, &file.sigs),
        (Sort::WorkingGroup, &file.workinggroups),
        (Sort::UserGroup, &file.usergroups),
        (Sort::Committee, &file.committees),
    ];
    lists
        .into_iter()
        .flat_map(|(sort, list)| list.iter().map(move |group| (sort, group)))
        .collect()
}

/// The SIGs of the file, to which working groups answer.
struct Directory<'e> {
    sigs: Vec<(&'e str, &'e str)>,
    whole: bool,
}

impl<'e> Directory<'e> {
    fn of(sigs: &'e [GroupEntry], whole: bool) -> Self {
        let names = |sig: &'e GroupEntry| (sig.name.as_str(), sig.dir.as_str());
        Self {
            sigs: sigs.iter().map(names).collect(),
            whole,
        }
    }

    /// The `dir` of the SIG that has this name or `dir`.
    fn find(&self, named: &str) -> Option<&'e str> {
        let found = self
            .sigs
            .iter()
            .find(|(name, dir)| *name == named || *dir == named);
        found.map(|(_, dir)| *dir)
    }

    fn help(&self, named: &str) -> Option<String> {
        let near = base::nearest(named, self.sigs.iter().map(|(name, _)| *name));
        near.map(|near| format!("did you mean `{near}`?"))
    }
}

fn about(finding: Diagnostic, group: &GroupEntry) -> Diagnostic {
    finding.about(format!("group/{}", group.dir))
}

fn detect(paths: &[String]) -> Vec<String> {
    paths
        .iter()
        .filter(|path| split(path).1 == "sigs.yaml")
        .cloned()
        .collect()
}
