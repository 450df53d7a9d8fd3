//! Where the facts of a pack come from, as text. Not for what may be given away: licence.rs.

use super::Request;
use super::folder::Folder;
use super::selection::Selected;
use plumbline_fhir::FhirVersion;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The licence that a text of copyright names, and whose the copyright is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Terms {
    publisher: String,
    licence: &'static str,
    notice: String,
}

/// Licences by words that name them.
const LICENCES: [(&str, &str); 3] = [
    ("Apache License, Version 2.0", "Apache-2.0"),
    ("Open Government Licence", "OGL-UK-3.0"),
    ("Creative Commons", "Creative Commons"),
];

fn terms(publisher: Option<&str>, copyright: Option<&str>) -> Terms {
    let copyright = copyright.unwrap_or_default();
    let named = LICENCES.iter().find(|(words, _)| copyright.contains(words));
    Terms {
        publisher: publisher.map_or("not stated", str::trim).to_owned(),
        licence: named.map_or("not stated", |(_, licence)| *licence),
        notice: notice(copyright).unwrap_or_else(|| "not stated".to_owned()),
    }
}

/// The notice at the beginning of a text of copyright: years and owner.
fn notice(copyright: &str) -> Option<String> {
    let text = copyright.replace("&#169;", "©");
    let rest = text.strip_prefix("Copyright ©")?;
    let end = ["Licensed", "\r", "\n", ".", "<"]
        .iter()
        .filter_map(|mark| rest.find(mark))
        .min();
    let words: Vec<&str> = rest[..end.unwrap_or(rest.len())]
        .split_whitespace()
        .collect();
    (!words.is_empty() && words.len() <= 8).then(|| format!("© {}", words.join(" ")))
}

/// The text.
pub(super) fn text(
    folder: &Folder,
    selected: &Selected,
    request: &Request,
    version: FhirVersion,
) -> String {
    let mut counts: BTreeMap<Terms, BTreeMap<&str, usize>> = BTreeMap::new();
    for (resource_type, url) in &selected.sources {
        for resource in folder.find(resource_type, url).iter().take(1) {
            let claim = &resource.claim;
            let terms = terms(claim.publisher.as_deref(), claim.copyright.as_deref());
            *counts
                .entry(terms)
                .or_default()
                .entry(resource_type)
                .or_default() += 1;
        }
    }
    let mut out = String::from("# Facts of official profiles\n\n");
    out.push_str(
        "What profiles, value sets and code systems of others say, reduced to facts: nobody edits these files by hand.\n\
         They are not the originals and hold no prose of theirs; `profiles/_fhir/README.md` has the format.\n\
         Of code systems that are neither HL7's nor the NHS's the address is kept and no code: `withheld` says where.\n\n",
    );
    // Writing to a text cannot fail.
    let _ = writeln!(out, "## Origin\n");
    let _ = writeln!(
        out,
        "From the {}, for FHIR {}, by",
        folder.source,
        version.number()
    );
    let _ = writeln!(out, "\n```sh\n{}\n```\n", command(request, version));
    out.push_str(
        "| Publisher | Copyright | Licence, as each resource states it | Structures | Value sets | Code systems |\n\
         |---|---|---|---:|---:|---:|\n",
    );
    for (terms, by_type) in &counts {
        let count = |it: &str| by_type.get(it).copied().unwrap_or_default();
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            terms.publisher,
            terms.notice,
            terms.licence,
            count("StructureDefinition"),
            count("ValueSet"),
            count("CodeSystem")
        );
    }
    let (of_hl7, of_others): (BTreeSet<&String>, BTreeSet<&String>) = selected
        .elsewhere
        .iter()
        .partition(|url| url.starts_with("http://hl7.org/fhir/"));
    if !of_others.is_empty() {
        out.push_str("\n## Named, and not in the source\n\n");
        for url in of_others {
            let _ = writeln!(out, "- `{url}`");
        }
    }
    let is_public = |it: &&Terms| {
        let publisher = it.publisher.starts_with("NHS");
        publisher || it.notice.contains("NHS") || it.notice.contains("Health and Social Care")
    };
    if counts.keys().any(|it| is_public(&it)) {
        out.push_str(
            "\nOf NHS England, which NHS Digital is now a part of, where it states no other licence: \
             contains public sector information licensed under the Open Government Licence v3.0.\n",
        );
    }
    if !selected.broken.is_empty() {
        out.push_str("\n## In the source, and not taken since they do not keep to FHIR\n\n");
        for file in &selected.broken {
            let _ = writeln!(out, "- {file}");
        }
    }
    let _ = writeln!(
        out,
        "\n{} further profiles that are named here are HL7's own.",
        of_hl7.len()
    );
    out
}

/// The command that makes these files, without paths of a machine.
fn command(request: &Request, version: FhirVersion) -> String {
    let mut command = format!(
        "cargo xtask definitions --from DIR --pack {} --fhir {}",
        request.pack,
        version.to_string().to_lowercase()
    );
    let only: BTreeSet<&String> = request.only.iter().collect();
    for name in only {
        // A shell would take a star for files.
        let quote = if name.contains('*') { "'" } else { "" };
        let _ = write!(command, " \\\n  --only {quote}{name}{quote}");
    }
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_licence_and_owner() {
        let text = "Copyright © 2021+ HL7 UK Licensed under the Apache License, Version 2.0 (the \"License\"); and so on.";
        let found = terms(Some("HL7 UK "), Some(text));
        assert_eq!(
            (
                found.publisher.as_str(),
                found.licence,
                found.notice.as_str()
            ),
            ("HL7 UK", "Apache-2.0", "© 2021+ HL7 UK")
        );
        let found = terms(None, Some("Copyright &#169; 2018  NHS Digital"));
        assert_eq!(
            (
                found.publisher.as_str(),
                found.licence,
                found.notice.as_str()
            ),
            ("not stated", "not stated", "© 2018 NHS Digital")
        );
        assert_eq!(terms(None, None).notice, "not stated");
    }
}
