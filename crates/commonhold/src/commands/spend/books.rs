//! The estate with its bills: what all questions of money are put to.

use std::borrow::Cow;

use anyhow::{Context, bail};
use base::Severity;
use estate::{Estate, Tree};
use focus::Column;
use focus::conformance::{Conformance, Model, Outcome as Found};
use focus::import::{Field, Input};
use jiff::Timestamp;
use spend::budgets::Budgets;
use spend::cells::Cube;
use spend::fx::Rates;
use spend::outlook::Known;
use spend::ownership::Ownership;
use spend::pools::{Drivers, Shared, Sharing};
use spend::scan;
use spend::settings::{Settings, StorePlace};
use spend::store::{CostStore, Key, Snapshot};

use crate::files::DiskTree;
use crate::project::Project;

/// The estate, what it says of money, and where its bills are.
pub(super) struct Books<'p> {
    pub(super) project: &'p Project<'p>,
    pub(super) estate: Estate,
    pub(super) settings: Settings,
    pub(super) ownership: Ownership,
    pub(super) store: CostStore,
    /// What is to be said on standard error.
    pub(super) notes: String,
    tree: DiskTree,
}

/// What an estate says of money, and where its bills are.
pub(super) struct Cover {
    pub(super) settings: Settings,
    pub(super) store: CostStore,
    tree: DiskTree,
}

impl Cover {
    pub(super) fn of(project: &Project<'_>, estate: &mut Estate) -> anyhow::Result<Self> {
        let tree = project.tree()?;
        let mut sources = std::mem::take(&mut estate.sources);
        let (settings, findings) = Settings::of(&tree, &mut sources);
        estate.sources = sources;
        if let Some(first) = findings.iter().find(|one| one.severity == Severity::Error) {
            // A rule that is left out would give its costs to somebody else.
            let place = estate.sources.locate(first.span);
            bail!("{place}: {}; see `commonhold check`", first.message);
        }
        let place = place(project, &tree, &settings.store())?;
        let store = CostStore::open(&place, &project.surroundings.environment)?;
        Ok(Self {
            settings,
            store,
            tree,
        })
    }
}

/// The sums of a snapshot.
pub(super) struct Sums {
    pub(super) snapshot: Snapshot,
    /// As the rules have it, in the currencies of the bills.
    pub(super) ruled: Cube,
    /// The same in the estate's currency, where rates are declared.
    converted: Option<Cube>,
    /// With pools shared out; in the estate's currency where rates are declared.
    pub(super) shared: Shared,
    pub(super) drivers: Drivers,
}

impl Sums {
    /// The sums before what is used together is shared out.
    pub(super) fn own(&self) -> &Cube {
        self.converted.as_ref().unwrap_or(&self.ruled)
    }
}

impl<'p> Books<'p> {
    pub(super) fn open(project: &'p Project<'p>) -> anyhow::Result<Self> {
        let (mut estate, notes) = project.ask()?;
        let cover = Cover::of(project, &mut estate)?;
        Ok(Self::over(project, estate, cover, notes))
    }

    /// The books of an estate that was read before.
    pub(super) fn over(
        project: &'p Project<'p>,
        estate: Estate,
        cover: Cover,
        notes: String,
    ) -> Self {
        Self {
            ownership: Ownership::of(&cover.settings, &estate),
            project,
            estate,
            settings: cover.settings,
            store: cover.store,
            notes,
            tree: cover.tree,
        }
    }

    /// The instant that is meant, or now.
    pub(super) fn now(&self) -> Timestamp {
        let clock = self.project.surroundings.clock;
        self.project.instant.unwrap_or_else(clock)
    }

    /// The sums of what is kept.
    pub(super) fn sums(&mut self) -> anyhow::Result<Sums> {
        let snapshot = self.store.current()?;
        self.sums_of(snapshot)
    }

    pub(super) fn sums_of(&mut self, snapshot: Snapshot) -> anyhow::Result<Sums> {
        (self.project.surroundings.progress)("adding up");
        let loaded = spend::cube::load(&self.store, &snapshot, &self.ownership)?;
        (self.project.surroundings.progress)("");
        if let Some(why) = loaded.unkept {
            self.notes += &format!(
                "warning: {why}, so that all charges are added up each time: {}\n",
                cause(&why)
            );
        }
        let ruled = loaded.cube;
        let mut sources = std::mem::take(&mut self.estate.sources);
        let (drivers, findings) =
            Drivers::read(&self.settings, &self.estate, &self.tree, &mut sources);
        self.estate.sources = sources;
        if let Some(first) = findings.first() {
            let place = self.estate.sources.locate(first.span);
            self.notes += &format!("warning: {place}: {}\n", first.message);
        }
        let converted = self.converted(&ruled)?;
        let shared = self.share(&drivers, converted.as_ref().unwrap_or(&ruled));
        Ok(Sums {
            snapshot,
            ruled,
            converted,
            shared,
            drivers,
        })
    }

    /// The sums with pools shared out, in the currencies of the bills: grants are in those.
    pub(super) fn shared_as_billed<'s>(&self, sums: &'s Sums) -> Cow<'s, Cube> {
        match sums.converted {
            None => Cow::Borrowed(&sums.shared.cube),
            Some(_) => Cow::Owned(self.share(&sums.drivers, &sums.ruled).cube),
        }
    }

    /// How budgets stand: one in the estate's currency by all that is converted to it, any other
    /// by the bills in its own. `known` is of the shared sums.
    pub(super) fn budgets(&self, sums: &Sums, known: &Known<'_>) -> Budgets {
        if sums.converted.is_none() {
            return Budgets::of(known, &self.estate);
        }
        let billed = self.shared_as_billed(sums);
        let (billed, own) = (self.known(&billed), self.settings.currency);
        let of = |currency| if currency == own { known } else { &billed };
        Budgets::by_currency(&self.estate, of)
    }

    fn share(&self, drivers: &Drivers, cube: &Cube) -> Shared {
        Sharing::of(&self.settings, &self.estate, drivers, cube).cube(cube)
    }

    /// The sums of a snapshot before what is used together is shared out.
    pub(super) fn own_of(&self, snapshot: &Snapshot) -> anyhow::Result<Cube> {
        let ruled = spend::cube::cube(&self.store, snapshot, &self.ownership)?;
        Ok(self.converted(&ruled)?.unwrap_or(ruled))
    }

    /// In the estate's currency, where rates are declared.
    fn converted(&self, ruled: &Cube) -> anyhow::Result<Option<Cube>> {
        let Some(exchange) = &self.settings.fx else {
            return Ok(None);
        };
        let rates = Rates::of(Some(exchange));
        let converted = rates.cube(ruled, self.settings.currency);
        converted.map(Some).map_err(|missing| {
            let each: Vec<String> = missing
                .iter()
                .map(|one| format!("{one}; {}", one.help()))
                .collect();
            anyhow::anyhow!("{}", each.join("\n"))
        })
    }

    /// What is known on the day, of sums.
    pub(super) fn known<'c>(&self, cube: &'c Cube) -> Known<'c> {
        Known::of(cube, self.project.day, self.settings.complete_after_days)
    }

    /// The files of the bills that are wanted, to be scanned.
    pub(super) fn files(
        &self,
        snapshot: &Snapshot,
        wanted: impl Fn(&Key) -> bool,
    ) -> Vec<scan::Input> {
        let parts = snapshot.parts().filter(|(key, _)| wanted(key));
        parts
            .map(|(_, part)| scan::Input::stored(self.store.files(), &part.path))
            .collect()
    }

    /// Holds all that is kept against FOCUS, as one file.
    pub(super) fn conform(&self, model: Option<&Model>) -> anyhow::Result<Found> {
        // Every column is kept. One in which nothing stands is one that no bill had.
        let all: Vec<String> = Column::ALL
            .iter()
            .map(|column| column.name().to_owned())
            .collect();
        let mut held = vec![false; all.len()];
        self.each_kept(&all, |_, cells| {
            for (held, cell) in held.iter_mut().zip(cells) {
                *held |= cell.is_some();
            }
        })?;
        let columns: Vec<String> = all
            .into_iter()
            .zip(held)
            .filter_map(|(column, held)| held.then_some(column))
            .collect();
        let mut conformance = Conformance::new(&columns, model, super::conform::criteria(model));
        self.each_kept(&columns, |row, cells| conformance.row(row, cells))?;
        let mut found = conformance.finish();
        // What bills lack is told of each file; here it is what they say that has to agree.
        let of_them = |column: &String| columns.contains(column);
        found
            .causes
            .retain(|cause| cause.column.as_ref().is_none_or(of_them));
        Ok(found)
    }

    /// Visits these cells of every charge that is kept.
    fn each_kept(
        &self,
        columns: &[String],
        mut visit: impl FnMut(u64, &[Option<&str>]),
    ) -> anyhow::Result<()> {
        let mut row = 0_u64;
        for (_, part) in self.store.current()?.parts() {
            let name = self.store.files().place_of(&part.path);
            let blob = self.store.open_part(part)?;
            let mut input = Input::open(&name, blob.reader()).map_err(|one| super::said(&one))?;
            let places: Vec<_> = columns.iter().map(|name| input.column(name)).collect();
            while let Some(record) = input.next_record().map_err(|one| super::said(&one))? {
                let cell = |place: &Option<_>| match record.get((*place)?) {
                    Field::Null | Field::Text("") => None,
                    Field::Text(text) => Some(text),
                };
                let cells: Vec<Option<&str>> = places.iter().map(cell).collect();
                row += 1;
                visit(row, &cells);
                if row.is_multiple_of(super::EVERY) {
                    (self.project.surroundings.progress)(&format!("{row} charges"));
                }
            }
        }
        (self.project.surroundings.progress)("");
        Ok(())
    }
}

/// What is behind an error, as far as it says so.
fn cause(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(String::new, ToString::to_string)
}

/// Where the store is: a path of this machine, or an address.
fn place(project: &Project<'_>, tree: &dyn Tree, place: &StorePlace) -> anyhow::Result<String> {
    let root = project.root()?;
    let below = |folder: &str| root.join(folder).to_string_lossy().into_owned();
    let variable = match place {
        StorePlace::Folder(folder) => return Ok(below(folder)),
        StorePlace::S3 { bucket, prefix } => return Ok(format!("s3://{bucket}/{prefix}")),
        StorePlace::Gs { bucket, prefix } => return Ok(format!("gs://{bucket}/{prefix}")),
        StorePlace::Variable(name) => name,
    };
    let said = (project.surroundings.environment)(variable).filter(|text| !text.is_empty());
    let said = said.with_context(|| {
        format!(
            "{} keeps the bills where {variable} says, and that is not set",
            tree.display(Settings::FILE)
        )
    })?;
    Ok(if said.contains("://") {
        said
    } else {
        below(&said)
    })
}
