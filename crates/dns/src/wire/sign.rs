use std::sync::Arc;

use domain::base::iana::{Rcode, TsigRcode};
use domain::base::message_builder::AdditionalBuilder;
use domain::base::name::ParsedName;
use domain::rdata::tsig as rdata;
use domain::tsig::{self, ClientSequence, ClientTransaction, ValidationError};

use super::message::{Received, Target, rcode_in_words, too_long};
use super::{Failure, Key, Server};

/// Checks that what comes was said by who has the key; nothing where there is no key.
pub(super) struct Voucher<Signed>(Option<Signed>);

/// Of one answer.
pub(super) type One = ClientTransaction<Arc<tsig::Key>>;
/// Of an answer of many messages.
pub(super) type Many = ClientSequence<Arc<tsig::Key>>;

/// How far two clocks may be apart, in seconds (RFC 8945 §10).
const FUDGE: u64 = 300;

impl Voucher<One> {
    pub(super) fn sign(
        server: &Server,
        message: &mut AdditionalBuilder<Target>,
    ) -> Result<Self, Failure> {
        let signed = server
            .key()
            .map(|key| One::request(key.shared(), message, server.now()));
        Ok(Self(signed.transpose().map_err(too_long)?))
    }

    pub(super) fn check(&self, server: &Server, message: &mut Received) -> Result<(), Failure> {
        let (Some(signed), Some(key)) = (&self.0, server.key()) else {
            return Ok(());
        };
        let rcode = message.header().rcode();
        signed
            .answer(message, server.now())
            .map_err(|error| in_words(error, rcode, key, time_difference(message)))
    }
}

impl Voucher<Many> {
    pub(super) fn sign_for_many(
        server: &Server,
        message: &mut AdditionalBuilder<Target>,
    ) -> Result<Self, Failure> {
        let signed = server
            .key()
            .map(|key| Many::request(key.shared(), message, server.now()));
        Ok(Self(signed.transpose().map_err(too_long)?))
    }

    /// Checks the next message; up to 99 in a row may be unsigned, but not the first.
    pub(super) fn check_next(
        &mut self,
        server: &Server,
        message: &mut Received,
    ) -> Result<(), Failure> {
        let (Some(signed), Some(key)) = (&mut self.0, server.key()) else {
            return Ok(());
        };
        let rcode = message.header().rcode();
        signed
            .answer(message, server.now())
            .map_err(|error| in_words(error, rcode, key, time_difference(message)))
    }

    /// Checks that the last message was signed.
    pub(super) fn done(self) -> Result<(), Failure> {
        let unsigned = || Failure::untrusted("its last message is not signed");
        match self.0 {
            Some(signed) => signed.done().map_err(|_| unsigned()),
            None => Ok(()),
        }
    }
}

/// By how many seconds the clocks differ, if this is the server's complaint about them.
///
/// `domain` 0.12.3 cannot check the signature of that answer: it digests the server's time as
/// eight octets, where six are sent. So it is taken as other refusals without a signature are.
fn time_difference(message: &Received) -> Option<u64> {
    type Data<'a> = rdata::Tsig<&'a [u8], ParsedName<&'a [u8]>>;
    let record = message.get_last_additional::<Data<'_>>()?;
    let complains = record.data().error() == TsigRcode::BADTIME;
    let server = record.data().other_time().filter(|_| complains)?;
    Some(seconds(server).abs_diff(seconds(record.data().time_signed())))
}

fn in_words(error: ValidationError, rcode: Rcode, key: &Key, apart: Option<u64>) -> Failure {
    let key = key.shown();
    let refused = |signed: bool, what: String| Failure::Refused {
        rcode,
        signed,
        what,
    };
    let untrusted = |what: &str| Failure::untrusted(what);
    if let Some(apart) = apart.filter(|_| rcode == Rcode::NOTAUTH) {
        return refused(
            false,
            format!(
                "its clock and the one of this machine are {apart} s apart (BADTIME), {FUDGE} s are allowed; set them"
            ),
        );
    }
    match error {
        ValidationError::ServerBadKey => refused(
            false,
            format!(
                "it does not know the key {key} (BADKEY); name and algorithm must be the same here and there"
            ),
        ),
        ValidationError::ServerBadSig => refused(
            false,
            format!("its secret of the key {key} is another than ours (BADSIG)"),
        ),
        // Servers that do not know us, or do not sign errors, say no without a signature. That
        // nothing was done is believed; that something was done is not.
        ValidationError::ServerUnsigned if is_plain_refusal(rcode) => refused(
            false,
            format!("{} (the answer is not signed)", rcode_in_words(rcode)),
        ),
        ValidationError::ServerUnsigned => untrusted("it is not signed"),
        ValidationError::BadSig => untrusted(
            "its signature is wrong: it was changed on its way, or made with another secret",
        ),
        ValidationError::BadTrunc => untrusted("its signature is cut short"),
        ValidationError::BadKey | ValidationError::BadAlg => Failure::untrusted(format!(
            "it is signed with another key or algorithm than {key}"
        )),
        ValidationError::BadTime => Failure::untrusted(format!(
            "it was signed more than {FUDGE} s ago or ahead; set the clocks of both machines"
        )),
        ValidationError::TooManyUnsigned => {
            untrusted("more than 99 messages in a row are not signed (RFC 8945 §5.3.1)")
        }
        _ => untrusted("its signature cannot be read"),
    }
}

fn is_plain_refusal(rcode: Rcode) -> bool {
    matches!(
        rcode,
        Rcode::FORMERR | Rcode::SERVFAIL | Rcode::NOTIMP | Rcode::REFUSED | Rcode::NOTAUTH
    )
}

fn seconds(time: domain::rdata::tsig::Time48) -> u64 {
    time.into_octets()
        .iter()
        .fold(0, |sum, octet| sum << 8 | u64::from(*octet))
}
