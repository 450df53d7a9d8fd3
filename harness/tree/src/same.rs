//! Compares names as short as those of FHIR: most differ in length already. Not for an order that people see.

/// Whether two texts are the same. Quicker than `==` where both are short and most often differ.
#[inline]
pub fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    match one.len() {
        0 => true,
        1..=3 => {
            one.first() == other.first() && one.last() == other.last() && one.get(1) == other.get(1)
        }
        // The two ends overlap and cover all.
        4..=7 => {
            one.first_chunk::<4>() == other.first_chunk::<4>()
                && one.last_chunk::<4>() == other.last_chunk::<4>()
        }
        8..=16 => {
            one.first_chunk::<8>() == other.first_chunk::<8>()
                && one.last_chunk::<8>() == other.last_chunk::<8>()
        }
        _ => one.last_chunk::<8>() == other.last_chunk::<8>() && one == other,
    }
}

/// What sorts names by their lengths first, which most often is enough to find one.
#[inline]
pub fn by_length(name: &str) -> (usize, &str) {
    (name.len(), name)
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn every_byte_counts() {
        let text = "abcdefghijklmnopqrstuvwxyz";
        for length in 0..=text.len() {
            let one = &text[..length];
            assert!(is_same(one, one), "{one}");
            assert!(!is_same(one, &format!("{one}x")), "{one}");
            for at in 0..length {
                let mut other = one.to_owned();
                other.replace_range(at..=at, "_");
                assert!(!is_same(one, &other) && !is_same(&other, one), "{other}");
            }
        }
    }
}
