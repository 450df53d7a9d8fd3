//! Names within something, and tables that find them. Not what the names stand for.

/// No row.
pub(super) const NONE: u32 = u32::MAX;

/// A name within something: its length, its first and its last letters. That is the whole of a short name, and long
/// names that begin, end and measure alike are few.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    owner: u32,
    length: u32,
    first: u64,
    last: u64,
}

impl Key {
    pub(super) fn new(owner: u32, name: &str) -> Self {
        let (first, last) = ends(name.as_bytes());
        Self {
            owner,
            length: small(name.len()),
            first,
            last,
        }
    }

    /// Whether two equal keys are equal names.
    pub(super) fn is_whole(self) -> bool {
        self.length <= 16
    }

    pub(super) fn hash(self) -> u32 {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        let seed = u64::from(self.owner) << 32 | u64::from(self.length);
        let mixed = self.first ^ self.last.rotate_left(23) ^ seed.wrapping_mul(ODD);
        let mixed = (mixed ^ mixed >> 32).wrapping_mul(ODD);
        // The high bits depend on all others.
        (mixed >> 32) as u32
    }
}

/// The first and the last eight letters, or all of fewer.
fn ends(name: &[u8]) -> (u64, u64) {
    if let (Some(first), Some(last)) = (name.first_chunk::<8>(), name.last_chunk::<8>()) {
        return (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
    }
    if let (Some(first), Some(last)) = (name.first_chunk::<4>(), name.last_chunk::<4>()) {
        let small = |letters: &[u8; 4]| u64::from(u32::from_le_bytes(*letters));
        return (small(first), small(last));
    }
    let letters = name.iter();
    let all = letters.fold(0, |all, letter| all << 8 | u64::from(*letter));
    (all, 0)
}

/// A table that has the number of each hash at its place or soon after: a power of two long, and at most half full.
pub(super) fn table(hashes: impl ExactSizeIterator<Item = u32>) -> Vec<u32> {
    let length = (hashes.len() * 2).next_power_of_two().max(2);
    let mut table = vec![NONE; length];
    for (number, hash) in hashes.enumerate() {
        let mut at = hash as usize & (length - 1);
        while table.get(at).is_some_and(|taken| *taken != NONE) {
            at = (at + 1) & (length - 1);
        }
        if let Some(free) = table.get_mut(at) {
            *free = small(number);
        }
    }
    table
}

/// Rows are far fewer than this.
pub(super) fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(NONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_names_are_equal_if_their_keys_are() {
        let names = [
            "",
            "a",
            "b",
            "ab",
            "ba",
            "abc",
            "\u{0}a",
            "a\u{0}",
            "abcd",
            "abcde",
            "abcda",
            "abcdefgh",
            "abcdefghi",
            "abcdefghabcdefgh",
            "abcdefghabcdefgi",
        ];
        for one in names {
            for other in names {
                assert_eq!(Key::new(1, one) == Key::new(1, other), one == other);
            }
            assert_ne!(Key::new(1, one), Key::new(2, one));
            assert!(Key::new(1, one).is_whole());
        }
        assert!(!Key::new(1, "abcdefghxabcdefgh").is_whole());
    }
}
