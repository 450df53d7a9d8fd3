//! The names that look most like a mistyped one.
//! Not for deciding what was meant.

/// The three closest of the known names, best first.
pub(crate) fn closest<'a>(wanted: &str, known: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut ranked: Vec<(usize, &String)> = known
        .map(|name| (strsim::damerau_levenshtein(wanted, name), name))
        .collect();
    ranked.sort();
    ranked
        .into_iter()
        .take(3)
        .map(|(_, name)| name.clone())
        .collect()
}
