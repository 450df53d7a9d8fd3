//! Versions of packages, ordered as semantic versioning has it, and what a wanted version stands for.
//! Not for versions of FHIR.

use std::cmp::Ordering;

/// A version that can be compared; text that is none comes before all others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Release<'a> {
    numbers: Vec<u64>,
    /// After a hyphen: it comes before the version without one.
    before: Option<&'a str>,
    text: &'a str,
}

impl<'a> Release<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let (plain, _) = text.split_once('+').unwrap_or((text, ""));
        let (numbers, before) = match plain.split_once('-') {
            Some((numbers, before)) => (numbers, Some(before)),
            None => (plain, None),
        };
        let parsed: Result<Vec<u64>, _> = numbers.split('.').map(str::parse).collect();
        Self {
            numbers: parsed.unwrap_or_default(),
            before,
            text,
        }
    }

    /// As it is written.
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// Whether it is meant for everybody: numbers and nothing more.
    pub(crate) fn is_final(&self) -> bool {
        !self.numbers.is_empty() && self.before.is_none()
    }
}

impl Ord for Release<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let before = match (self.before, other.before) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(a), Some(b)) => compare_parts(a, b),
        };
        let numbers = self.numbers.cmp(&other.numbers);
        numbers.then(before).then(self.text.cmp(other.text))
    }
}

impl PartialOrd for Release<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// `beta.2` before `beta.10`; numbers before words.
fn compare_parts(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) => match (a.parse::<u64>(), b.parse::<u64>()) {
                (Ok(a), Ok(b)) => a.cmp(&b),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => a.cmp(b),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// The newest version that is meant for everybody, or the newest of all if there is none.
pub(crate) fn newest<'a>(versions: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let all: Vec<Release<'a>> = versions.map(Release::new).collect();
    let finals = all.iter().filter(|it| it.is_final()).max();
    finals.or_else(|| all.iter().max()).map(|it| it.text)
}

/// The version that is wanted: that very one, or the newest that a pattern such as `4.0.x`, `^4.0.1` or `~4.0.1` fits.
pub(crate) fn fitting<'a>(
    wanted: &str,
    versions: impl Iterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    if let Some(same) = versions.clone().find(|it| *it == wanted) {
        return Some(same);
    }
    if matches!(wanted, "latest" | "*" | "x" | "") {
        return newest(versions);
    }
    let (start, least) = range(wanted)?;
    let least = Release::new(least);
    let fits = |text: &&str| {
        let release = Release::new(text);
        release.numbers.starts_with(&start) && release >= least
    };
    newest(versions.filter(fits))
}

/// The numbers that a version begins with, and the least version.
fn range(wanted: &str) -> Option<(Vec<u64>, &str)> {
    let numbers = |text: &str, most: usize| -> Option<Vec<u64>> {
        let parts = text.split('.').take(most).map(|part| part.parse().ok());
        parts.collect()
    };
    if let Some(least) = wanted.strip_prefix('^') {
        return Some((numbers(least, 1)?, least));
    }
    if let Some(least) = wanted.strip_prefix('~') {
        return Some((numbers(least, 2)?, least));
    }
    let (start, rest) = wanted.rsplit_once('.')?;
    let start = start
        .strip_suffix(".x")
        .or(start.strip_suffix(".*"))
        .unwrap_or(start);
    matches!(rest, "x" | "*" | "X")
        .then(|| numbers(start, usize::MAX).map(|it| (it, "")))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_number() {
        let sorted = [
            "dev",
            "0.9.0",
            "1.0.0-alpha",
            "1.0.0-alpha.2",
            "1.0.0-alpha.10",
            "1.0.0-beta",
            "1.0.0",
            "1.2.0",
            "1.10.0",
        ];
        for pair in sorted.windows(2) {
            assert!(Release::new(pair[0]) < Release::new(pair[1]), "{pair:?}");
        }
    }

    #[test]
    fn patterns_take_the_newest_that_fits() {
        let all = ["1.0.0", "1.0.10", "1.0.9", "1.1.0", "2.0.0", "3.0.0-beta"];
        let fit = |wanted| fitting(wanted, all.iter().copied());
        assert_eq!(fit("1.0.9"), Some("1.0.9"));
        assert_eq!(fit("1.0.x"), Some("1.0.10"));
        assert_eq!(fit("1.x"), Some("1.1.0"));
        assert_eq!(fit("1.x.x"), Some("1.1.0"));
        assert_eq!(fit("^1.0.0"), Some("1.1.0"));
        assert_eq!(fit("~1.0.1"), Some("1.0.10"));
        assert_eq!(fit("latest"), Some("2.0.0"));
        assert_eq!(fit("1.0.11"), None);
        assert_eq!(fit("^4.0.0"), None);
        assert_eq!(newest(["3.0.0-a", "3.0.0-b"].into_iter()), Some("3.0.0-b"));
    }
}
