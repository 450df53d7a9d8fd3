//! Attachments: whether size and hash are those of the data that stand beside them.
//! Not for what is at the address of an attachment: nothing is fetched.

use super::format::text;
use super::path::Step;
use super::plan::Known;
use super::rules;
use super::walk::{Frame, Walk};
use sha1::{Digest as _, Sha1};

/// Bytes of a hash.
const HASH: usize = 20;

impl Walk<'_, '_> {
    pub(super) fn attachment(&mut self, frame: Frame) {
        let (size, hash) = (
            self.text_of(frame, Known::Size),
            self.text_of(frame, Known::Hash),
        );
        if size.is_none() && hash.is_none() {
            return;
        }
        let Some((_, data)) = self.text_of(frame, Known::Data) else {
            return;
        };
        // What is no base64 has an issue of its own.
        if text::base64(data).is_err() {
            return;
        }
        if let Some((node, stated)) = size
            && let Ok(stated) = stated.parse::<u64>()
        {
            let found = length(data);
            if found != stated {
                let rule = &rules::ATTACHMENT_SIZE;
                let at = Some(Step::plain("size"));
                self.issue_at(rule, node, at, &[], &bytes(found), "another number");
            }
        }
        if let Some((node, stated)) = hash.filter(|(_, it)| text::base64(it).is_ok()) {
            let mut hasher = Sha1::new();
            decode(data, |bytes| hasher.update(bytes));
            let mut given = Vec::with_capacity(HASH);
            if length(stated) == HASH as u64 {
                decode(stated, |bytes| given.extend_from_slice(bytes));
            }
            if given[..] != hasher.finalize()[..] {
                let at = Some(Step::plain("hash"));
                let expected = "the SHA-1 of the data, in base64";
                let rule = &rules::ATTACHMENT_HASH;
                self.issue_at(rule, node, at, &[], expected, "something else");
            }
        }
    }
}

fn bytes(count: u64) -> String {
    if count == 1 {
        "1 byte".to_owned()
    } else {
        format!("{count} bytes")
    }
}

/// How many bytes base64 stands for.
fn length(base64: &str) -> u64 {
    let mut all: u64 = 0;
    let mut padding: u64 = 0;
    for byte in base64.bytes() {
        all += u64::from(byte > b' ');
        padding += u64::from(byte == b'=');
    }
    (all / 4 * 3).saturating_sub(padding)
}

/// Gives the bytes that base64 stands for, three at most at once. Padding and white space are passed over.
fn decode(base64: &str, mut give: impl FnMut(&[u8])) {
    let (mut bits, mut count) = (0_u32, 0);
    for byte in base64.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 1;
        if count == 4 {
            let [_, all @ ..] = bits.to_be_bytes();
            give(&all);
            (bits, count) = (0, 0);
        }
    }
    let [_, first, second, _] = (bits << (6 * (4 - count))).to_be_bytes();
    match count {
        2 => give(&[first]),
        3 => give(&[first, second]),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_counted_and_decoded() {
        for (text, wanted) in [
            ("aGVsbG8=", "hello"),
            ("aGVs bG8h", "hello!"),
            ("YQ==", "a"),
            ("YWI=", "ab"),
            ("YW\nJj", "abc"),
        ] {
            let mut found = Vec::new();
            decode(text, |bytes| found.extend_from_slice(bytes));
            assert_eq!(found.len() as u64, length(text), "{text}");
            assert_eq!(found, wanted.as_bytes());
        }
        let mut found = Vec::new();
        decode("/+8=", |bytes| found.extend_from_slice(bytes));
        assert_eq!(found, [0xff, 0xef]);
    }
}
