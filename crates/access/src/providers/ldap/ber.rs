//! The encoding of LDAP messages: the part of BER that RFC 4511 §5.1 allows.
//!
//! Every tag of LDAP fits one octet, and every length is definite.

/// Tags that are the same everywhere (X.690 §8).
pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTETS: u8 = 0x04;
pub(super) const ENUMERATED: u8 = 0x0a;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// What is no BER, or not what stands there in LDAP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Malformed;

/// One value with its tag.
pub(super) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut all = Vec::with_capacity(content.len() + 6);
    all.push(tag);
    match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => all.push(short),
        _ => {
            let length = content.len().to_be_bytes();
            let skip = length.iter().take_while(|byte| **byte == 0).count();
            let digits = length.get(skip..).unwrap_or_default();
            // At most 8 of them: the length of a slice.
            all.push(0x80 | u8::try_from(digits.len()).unwrap_or_default());
            all.extend_from_slice(digits);
        }
    }
    all.extend_from_slice(content);
    all
}

/// Values within one.
pub(super) fn all(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    value(tag, &parts.concat())
}

/// A text.
pub(super) fn text(text: &str) -> Vec<u8> {
    value(OCTETS, text.as_bytes())
}

/// A number, for [`INTEGER`] and [`ENUMERATED`].
pub(super) fn number(tag: u8, number: u32) -> Vec<u8> {
    let mut octets = vec![0];
    octets.extend_from_slice(&number.to_be_bytes());
    // As short as it can be without the first bit meaning a minus.
    while let [0, next, ..] = octets.as_slice() {
        if *next >= 0x80 {
            break;
        }
        octets.remove(0);
    }
    value(tag, &octets)
}

/// Values that follow each other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    /// Whether there are no more.
    pub(super) fn is_at_end(self) -> bool {
        self.0.is_empty()
    }

    /// The tag of the next, if there is one.
    pub(super) fn tag(self) -> Option<u8> {
        self.0.first().copied()
    }

    /// The next, with its tag.
    pub(super) fn any(&mut self) -> Result<(u8, &'a [u8]), Malformed> {
        let (header, length) = header(self.0)?.ok_or(Malformed)?;
        let end = header.checked_add(length).ok_or(Malformed)?;
        let content = self.0.get(header..end).ok_or(Malformed)?;
        let tag = self.tag().ok_or(Malformed)?;
        self.0 = self.0.get(end..).unwrap_or_default();
        Ok((tag, content))
    }

    /// The next, which must have this tag.
    pub(super) fn expect(&mut self, tag: u8) -> Result<&'a [u8], Malformed> {
        match self.any()? {
            (found, content) if found == tag => Ok(content),
            _ => Err(Malformed),
        }
    }

    /// The values within the next.
    pub(super) fn within(&mut self, tag: u8) -> Result<Self, Malformed> {
        self.expect(tag).map(Self)
    }

    /// The next as a number that is not negative.
    pub(super) fn number(&mut self, tag: u8) -> Result<u32, Malformed> {
        let octets = self.expect(tag)?;
        let sound = !octets.is_empty() && octets.len() <= 5 && octets.first() < Some(&0x80);
        let number = octets
            .iter()
            .fold(0u64, |sum, octet| sum << 8 | u64::from(*octet));
        u32::try_from(number)
            .ok()
            .filter(|_| sound)
            .ok_or(Malformed)
    }

    /// The next as a text. What is not UTF-8 shows as the sign for that.
    pub(super) fn text(&mut self) -> Result<String, Malformed> {
        let octets = self.expect(OCTETS)?;
        Ok(String::from_utf8_lossy(octets).into_owned())
    }
}

/// How long the header of the first value is, and how long its content; none as long as the
/// header is not there in full.
pub(super) fn header(octets: &[u8]) -> Result<Option<(usize, usize)>, Malformed> {
    let (Some(tag), Some(first)) = (octets.first(), octets.get(1)) else {
        return Ok(None);
    };
    if tag & 0x1f == 0x1f {
        return Err(Malformed);
    }
    if *first < 0x80 {
        return Ok(Some((2, usize::from(*first))));
    }
    let count = usize::from(first & 0x7f);
    // None means a length that is told at the end, which LDAP forbids; no message has 4 GiB.
    if count == 0 || count > 4 {
        return Err(Malformed);
    }
    let Some(digits) = octets.get(2..2 + count) else {
        return Ok(None);
    };
    let length = digits
        .iter()
        .fold(0usize, |sum, digit| sum << 8 | usize::from(*digit));
    Ok(Some((2 + count, length)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_as_short_as_they_can_be() {
        for (given, wanted) in [
            (0, &[2, 1, 0][..]),
            (127, &[2, 1, 127]),
            (128, &[2, 2, 0, 128]),
            (256, &[2, 2, 1, 0]),
            (u32::MAX, &[2, 5, 0, 255, 255, 255, 255]),
        ] {
            assert_eq!(number(INTEGER, given), wanted);
        }
    }

    #[test]
    fn what_ldap_forbids_is_malformed() {
        for octets in [&[0x1f, 0][..], &[0x30, 0x80], &[0x30, 0x85, 1, 1, 1, 1, 1]] {
            assert_eq!(header(octets), Err(Malformed), "{octets:?}");
        }
        assert_eq!(header(&[0x30, 0x82, 1]), Ok(None));
        assert!(Reader(&[4, 2, b'a']).any().is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(content in prop::collection::vec(any::<u8>(), 0..70_000), given: u32) {
            let both = [value(OCTETS, &content), number(ENUMERATED, given)];
            let whole = all(SEQUENCE, &both);
            let mut reader = Reader(&whole).within(SEQUENCE).unwrap();
            prop_assert_eq!(reader.expect(OCTETS), Ok(content.as_slice()));
            prop_assert_eq!(reader.number(ENUMERATED), Ok(given));
            prop_assert!(reader.is_at_end());
        }

        #[test]
        fn nothing_makes_it_panic(octets in prop::collection::vec(any::<u8>(), 0..64)) {
            let mut reader = Reader(&octets);
            while let Ok((tag, content)) = reader.any() {
                let _ = (Reader(content).number(tag), Reader(content).text());
            }
        }
    }
}
