//! What somebody has asked for: at the front desk, and of a body in any other way.

use jiff::Timestamp;
use portal::{Mine, Reader};

use super::Here;
use super::refused::Answer;
use super::requests::{self, asker};
use crate::portal::affairs::{Item, mood};

/// The most that are listed.
const MOST: usize = 50;

/// All of it, the newest first.
pub(super) fn all(here: &Here<'_>, who: &Reader) -> Answer<Vec<Mine>> {
    let Some(identity) = &who.identity else {
        return Ok(Vec::new());
    };
    let mine = asker(identity);
    let requests = requests::all(&here.writer())?;
    let at_the_desk = |item: &&Item| !requests.iter().any(|one| one.id == item.id);
    let picture = here.community.picture();
    let proposed = picture.decided.items.iter();
    let proposed = proposed
        .filter(|item| item.record.proposer.is_some() && item.record.proposer == who.person)
        .filter(at_the_desk)
        .map(|item| (item.record.proposed, of_item(item)));
    let mut found: Vec<(Option<Timestamp>, Mine)> = proposed.collect();
    // How a request stands is asked of Git and the ledger, so only as many are looked at as are listed.
    for request in requests.iter().filter(|one| one.asker == mine).take(MOST) {
        let page = here.community.page_of(here, &request.id)?;
        let one = Mine {
            title: base::visible(&request.title),
            to: format!("/desk/requests/{}", request.id),
            state: page.and_then(|page| page.state),
        };
        found.push((Some(request.at), one));
    }
    found.sort_by(|one, other| (other.0, &one.1.to).cmp(&(one.0, &other.1.to)));
    found.truncate(MOST);
    Ok(found.into_iter().map(|(_, one)| one).collect())
}

fn of_item(item: &Item) -> Mine {
    Mine {
        title: base::visible(&item.title),
        to: format!("/decisions/{}", item.id),
        state: Some((mood(item.state), item.state.word().to_owned())),
    }
}
