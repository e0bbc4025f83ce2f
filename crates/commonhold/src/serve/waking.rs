//! What people do, with the pages that show it made anew at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use portal::{
    Act, Asked, BallotForm, Done, Hands, Mine, Page, Problem, Reader, Refusal, RequestKind, Signed,
    ToSign, Voted,
};

use super::Wake;
use crate::portal::Community;

/// Hands after which what is shown is looked at anew.
pub(crate) struct Waking {
    pub(crate) hands: Arc<Community>,
    pub(crate) wake: Wake,
}

impl Waking {
    fn then<T, E>(&self, done: Result<T, E>) -> Result<T, E> {
        if done.is_ok() {
            self.wake.now();
        }
        done
    }
}

impl Hands for Waking {
    fn prepare(&self, who: &Reader, act: &Act) -> Result<ToSign, Refusal> {
        self.hands.prepare(who, act)
    }

    fn take(&self, who: &Reader, signed: &Signed) -> Result<Done, Refusal> {
        self.then(self.hands.take(who, signed))
    }

    fn requests(&self) -> Vec<RequestKind> {
        self.hands.requests()
    }

    fn ask(
        &self,
        who: &Reader,
        kind: &str,
        answers: &BTreeMap<String, String>,
        once: Option<&str>,
    ) -> Result<Asked, Vec<Problem>> {
        self.then(self.hands.ask(who, kind, answers, once))
    }

    fn asked(&self, who: &Reader) -> Result<Vec<Mine>, Refusal> {
        self.hands.asked(who)
    }

    fn request(&self, who: &Reader, id: &str) -> Option<Page> {
        self.hands.request(who, id)
    }

    fn ballot(&self, who: &Reader, election: &str) -> Result<BallotForm, Refusal> {
        self.hands.ballot(who, election)
    }

    fn vote(
        &self,
        who: &Reader,
        election: &str,
        answers: &BTreeMap<String, String>,
    ) -> Result<Voted, Refusal> {
        self.then(self.hands.vote(who, election, answers))
    }

    fn token(&self, who: &Reader, election: &str, blinded: &str) -> Result<String, Refusal> {
        self.hands.token(who, election, blinded)
    }

    fn recognise(&self, who: &Reader) -> Reader {
        self.hands.recognise(who)
    }

    fn person_of_key(&self, key: &str) -> Option<String> {
        self.hands.person_of_key(key)
    }
}
