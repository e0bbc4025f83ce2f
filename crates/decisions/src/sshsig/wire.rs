//! The few data types of the SSH protocol (RFC 4251 §5) that keys and signatures use.

/// Reads from the front of bytes; `None` where they are cut short or not as they should be.
pub(super) struct Reader<'b> {
    rest: &'b [u8],
}

impl<'b> Reader<'b> {
    pub(super) fn new(rest: &'b [u8]) -> Self {
        Self { rest }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|taken| taken[0])
    }

    /// A `uint32`.
    pub(super) fn number(&mut self) -> Option<u32> {
        let bytes = self.take(4)?.try_into().ok()?;
        Some(u32::from_be_bytes(bytes))
    }

    /// A `string`.
    pub(super) fn bytes(&mut self) -> Option<&'b [u8]> {
        let length = self.number()?;
        self.take(usize::try_from(length).ok()?)
    }

    /// A `string` of printable ASCII, as all names are.
    pub(super) fn text(&mut self) -> Option<&'b str> {
        let text = std::str::from_utf8(self.bytes()?).ok()?;
        text.bytes()
            .all(|byte| byte.is_ascii_graphic() || byte == b' ')
            .then_some(text)
    }

    /// A positive `mpint` in its one shortest form, without the sign's leading zero.
    pub(super) fn positive(&mut self) -> Option<&'b [u8]> {
        match self.bytes()? {
            [0, rest @ ..] => rest
                .first()
                .is_some_and(|first| *first >= 0x80)
                .then_some(rest),
            [first, ..] if *first >= 0x80 => None,
            [] => None,
            number => Some(number),
        }
    }
}

/// Adds a `string`.
pub(super) fn put_text(to: &mut Vec<u8>, text: &[u8]) {
    // What is signed here is a name or a hash: far shorter than four gibibytes.
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    to.extend_from_slice(&length.to_be_bytes());
    to.extend_from_slice(text);
}

/// A positive number with zeros put before it up to a length in bytes, if it is no longer.
pub(super) fn padded(number: &[u8], length: usize) -> Option<Vec<u8>> {
    let zeros = length.checked_sub(number.len())?;
    let mut bytes = vec![0; zeros];
    bytes.extend_from_slice(number);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::Reader;

    fn positive(bytes: &[u8]) -> Option<Vec<u8>> {
        let mut text = Vec::new();
        super::put_text(&mut text, bytes);
        Reader::new(&text).positive().map(<[u8]>::to_vec)
    }

    #[test]
    fn a_number_has_one_form() {
        assert_eq!(positive(&[1]), Some(vec![1]));
        assert_eq!(positive(&[0, 0x80]), Some(vec![0x80]));
        for wrong in [&[][..], &[0], &[0, 1], &[0x80], &[0, 0, 0x80]] {
            assert_eq!(positive(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn what_is_cut_short_is_nothing() {
        assert_eq!(Reader::new(&[0, 0, 0, 5, b'a']).bytes(), None);
        assert_eq!(Reader::new(&[0, 0, 0]).number(), None);
        assert_eq!(Reader::new(&[0xff; 8]).bytes(), None);
    }
}
