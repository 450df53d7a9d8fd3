//! Looks through a text of facts for the definitions in it. Not for reading one: [`FactsFile::read`] does.
//!
//! [`FactsFile::read`]: plumbline_fhir::profile_facts::FactsFile::read

/// What a definition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Profile,
    ValueSet,
    CodeSystem,
}

/// A definition in a text: the lines from its first to its last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    pub(super) kind: Kind,
    pub(super) url: &'static str,
    pub(super) version: Option<&'static str>,
    /// Of a profile the type that it is on.
    pub(super) of: &'static str,
    pub(super) text: &'static str,
}

/// The definitions in a text. What is none begins with another word, and its lines are passed over.
pub(super) fn blocks(text: &'static str) -> Vec<Block> {
    let mut starts = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if !line.starts_with([' ', '#']) {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let blocks = starts
        .iter()
        .zip(ends)
        .filter_map(|(start, end)| text.get(*start..end));
    blocks.filter_map(block).collect()
}

fn block(text: &'static str) -> Option<Block> {
    let mut lines = text.lines();
    let mut words = lines.next()?.split(' ');
    let kind = match words.next()? {
        "profile" => Kind::Profile,
        "set" => Kind::ValueSet,
        "system" => Kind::CodeSystem,
        _ => return None,
    };
    let url = words.next()?;
    let version = words.next().filter(|it| *it != "-");
    let of = lines.find_map(|line| line.strip_prefix("  kind "));
    let of = of.and_then(|it| it.split(' ').nth(1));
    Some(Block {
        kind,
        url,
        version,
        of: of.unwrap_or_default(),
        text,
    })
}
