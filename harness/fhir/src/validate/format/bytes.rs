//! Looks at eight bytes of a text at once. Not for characters beyond ASCII: those are left to slower code.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = ONES << 7;

/// High bits where a byte is equal. The lowest of them is right; those above it may not be.
fn equal(word: u64, byte: u8) -> u64 {
    let differences = word ^ (ONES * u64::from(byte));
    differences.wrapping_sub(ONES) & !differences & HIGH
}

/// High bits where a byte is below, which must be 128 at most. The lowest of them is right.
fn below(word: u64, byte: u8) -> u64 {
    word.wrapping_sub(ONES * u64::from(byte)) & !word & HIGH
}

/// The place of a byte in a word, from 0.
pub(in crate::validate) fn place(word: u64, byte: u8) -> Option<usize> {
    let hits = equal(word, byte);
    (hits != 0).then_some(hits.trailing_zeros() as usize / 8)
}

/// The place of the first of these bytes.
pub(in crate::validate) fn find<const N: usize>(bytes: &[u8], wanted: [u8; N]) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let hits = wanted
            .iter()
            .fold(0, |hits, byte| hits | equal(word, *byte));
        if hits != 0 {
            return Some(number * 8 + hits.trailing_zeros() as usize / 8);
        }
    }
    let place = rest.iter().position(|byte| wanted.contains(byte))?;
    Some(words.len() * 8 + place)
}

/// Whether there is a byte for which the test of a word has a bit; `alone` is the same test for one byte.
fn any(bytes: &[u8], of_word: impl Fn(u64) -> u64, alone: impl Fn(u8) -> bool) -> bool {
    let Some(last) = bytes.last_chunk::<8>() else {
        return bytes.iter().any(|byte| alone(*byte));
    };
    // The last word may overlap the one before, so that nothing is left over.
    let (words, _) = bytes.as_chunks::<8>();
    let mut hits = of_word(u64::from_le_bytes(*last));
    for word in words {
        hits |= of_word(u64::from_le_bytes(*word));
    }
    hits != 0
}

/// Whether there is nothing but visible ASCII.
pub(in crate::validate) fn is_visible(bytes: &[u8]) -> bool {
    let is_odd = |word| below(word, b'!') | equal(word, 0x7f) | word & HIGH;
    !any(bytes, is_odd, |byte| !byte.is_ascii_graphic())
}

/// Whether there is a byte below the space: a tab, a line break or another control character.
pub(in crate::validate) fn has_control(bytes: &[u8]) -> bool {
    any(bytes, |word| below(word, b' '), |byte| byte < b' ')
}

/// Whether there is a byte below the space, or `<`.
pub(in crate::validate) fn has_control_or_tag(bytes: &[u8]) -> bool {
    let is_odd = |word| below(word, b' ') | equal(word, b'<');
    any(bytes, is_odd, |byte| byte < b' ' || byte == b'<')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every byte at every place of texts around the length of a word, and what stands beside it.
    #[test]
    fn words_say_the_same_as_bytes() {
        for length in 1..20 {
            for at in 0..length {
                for byte in 0..=255_u8 {
                    for beside in [b'a', b'!', b'~', 0x7e, b' ', byte.wrapping_sub(1), byte] {
                        let mut text = vec![b'a'; length];
                        text[at] = byte;
                        if at + 1 < length {
                            text[at + 1] = beside;
                        }
                        let visible = text.iter().all(u8::is_ascii_graphic);
                        assert_eq!(is_visible(&text), visible, "{text:?}");
                        let control = text.iter().any(|byte| *byte < b' ');
                        assert_eq!(has_control(&text), control, "{text:?}");
                        let wanted = [b'<', b'&', 0xff];
                        let place = text.iter().position(|byte| wanted.contains(byte));
                        assert_eq!(find(&text, wanted), place, "{text:?}");
                    }
                }
            }
        }
        let word = u64::from_le_bytes(*b"table>>x");
        assert_eq!((place(word, b'>'), place(word, b'<')), (Some(5), None));
        assert!(is_visible(b"") && !has_control(b"") && find(b"", [b'a']).is_none());
    }
}
