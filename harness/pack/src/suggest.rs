//! "Did you mean": the nearest of the words that would have been right.

/// The nearest candidate, if one is near enough to be what was meant.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    // Of a word of one or two letters, a third is nothing: any other would be as near.
    let limit = (word.chars().count() / 3).min(4);
    candidates
        .into_iter()
        .map(|c| (strsim::osa_distance(&lower, &c.to_lowercase()), c))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// What to write instead: the nearest candidate, or all of them.
pub(crate) fn instead(word: &str, candidates: &[&str]) -> String {
    match closest(word, candidates.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => one_of(candidates),
    }
}

/// "write one of `a`, `b`".
pub(crate) fn one_of(candidates: &[&str]) -> String {
    if candidates.is_empty() {
        return "remove it".to_owned();
    }
    let list: Vec<String> = candidates.iter().map(|c| format!("`{c}`")).collect();
    format!("write one of {}", list.join(", "))
}
