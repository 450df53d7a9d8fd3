//! The clock and the ids that the client may not take for itself.
//! Not for dates in records: see `session::now`.

use jiff::Timestamp;
use plumbline_http::Surroundings;
use std::hash::{BuildHasher, RandomState};

/// The clock and the randomness of this machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Machine;

impl Surroundings for Machine {
    fn now(&self) -> i64 {
        Timestamp::now().as_second()
    }

    /// A UUID of version 4. Each half is a keyed hash of the time, with a key that the system draws
    /// at random and that no two calls share.
    fn fresh_id(&self) -> String {
        let time = Timestamp::now().as_nanosecond();
        let half = || u128::from(RandomState::new().hash_one(time));
        let bits = half() << 64 | half();
        let version = 0x4000_u128 << 64;
        let variant = 0x8000_u128 << 48;
        let bits = bits & !(0xf000_u128 << 64) & !(0xc000_u128 << 48) | version | variant;
        let text = format!("{bits:032x}");
        format!(
            "{}-{}-{}-{}-{}",
            &text[..8],
            &text[8..12],
            &text[12..16],
            &text[16..20],
            &text[20..]
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_uuids_and_never_repeat() {
        let ids: BTreeSet<String> = (0..10_000).map(|_| Machine.fresh_id()).collect();
        assert_eq!(ids.len(), 10_000);
        for id in ids {
            assert_eq!(id.len(), 36, "{id}");
            assert_eq!(&id[14..15], "4", "{id}");
            assert!("89ab".contains(&id[19..20]), "{id}");
        }
    }
}
