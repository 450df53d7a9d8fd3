//! Sorted codes, with or without regard to capitals. Not for what they mean.

use std::cmp::Ordering;

/// Whether `a` and `A` are two codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// They are.
    Tells,
    /// They are one code. So it is, too, where the code system does not say: codes are accepted in any case then.
    Ignores,
}

impl Case {
    pub(crate) fn of(is_case_sensitive: Option<bool>) -> Self {
        match is_case_sensitive {
            Some(true) => Self::Tells,
            Some(false) | None => Self::Ignores,
        }
    }

    /// Whether two codes are one.
    pub(crate) fn same(self, left: &str, right: &str) -> bool {
        match self {
            Self::Tells => left == right,
            Self::Ignores => left.eq_ignore_ascii_case(right),
        }
    }

    fn order(self, left: &str, right: &str) -> Ordering {
        match self {
            Self::Tells => left.cmp(right),
            Self::Ignores => {
                let (left_bytes, right_bytes) = (left.bytes(), right.bytes());
                let left = left_bytes.map(|it| it.to_ascii_lowercase());
                let right = right_bytes.map(|it| it.to_ascii_lowercase());
                left.cmp(right)
            }
        }
    }
}

/// Codes in order.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    codes: Box<[Box<str>]>,
    case: Case,
}

impl Table {
    pub(crate) fn new<'c>(codes: impl IntoIterator<Item = &'c str>, case: Case) -> Self {
        let mut codes: Vec<Box<str>> = codes.into_iter().map(Into::into).collect();
        codes.sort_unstable_by(|left, right| case.order(left, right).then_with(|| left.cmp(right)));
        codes.dedup_by(|left, right| left == right);
        Self {
            codes: codes.into_boxed_slice(),
            case,
        }
    }

    /// The code as the table has it.
    pub(crate) fn find(&self, code: &str) -> Option<&str> {
        let at = self.codes.binary_search_by(|it| self.case.order(it, code));
        at.ok().and_then(|at| self.codes.get(at)).map(AsRef::as_ref)
    }

    pub(crate) fn contains(&self, code: &str) -> bool {
        self.find(code).is_some()
    }

    pub(crate) fn case(&self) -> Case {
        self.case
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.codes.iter().map(AsRef::as_ref)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_as_their_system_tells_capitals() {
        let codes = ["b", "A", "c", "b"];
        let told = Table::new(codes, Case::of(Some(true)));
        assert_eq!(told.iter().collect::<Vec<_>>(), ["A", "b", "c"]);
        assert!(told.contains("A") && !told.contains("a") && !told.contains(""));
        for case in [Some(false), None] {
            let same = Table::new(codes, Case::of(case));
            assert_eq!((same.find("a"), same.find("B")), (Some("A"), Some("b")));
            assert!(!same.contains("d"));
        }
    }
}
