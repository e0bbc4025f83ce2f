//! The group that a job belongs to.

use super::Subjects;

impl<'c> Subjects<'c> {
    /// The group whose name one of the job's dashboards has or begins with, the longest; or else
    /// the nearest folder above its file has.
    pub(super) fn owner_of(&self, at: usize) -> Option<&'c str> {
        if self.groups.is_empty() {
            return None;
        }
        let shown = self.shown.get(at).into_iter().flatten();
        let by_dashboard =
            shown.filter_map(|shown| self.group_of_dashboard(&shown.dashboard.value));
        by_dashboard.max_by_key(|group| group.len()).or_else(|| {
            let folders = self.catalogue.jobs[at].path.rsplit('/').skip(1);
            folders
                .into_iter()
                .find_map(|folder| self.groups.get(folder).copied())
        })
    }

    /// The longest name of a group that a dashboard's begins with, up to a `-`.
    fn group_of_dashboard(&self, dashboard: &str) -> Option<&'c str> {
        let ends = dashboard.rmatch_indices('-').map(|(at, _)| at);
        let mut beginnings = std::iter::once(dashboard.len()).chain(ends);
        beginnings.find_map(|end| self.groups.get(&dashboard[..end]).copied())
    }
}
