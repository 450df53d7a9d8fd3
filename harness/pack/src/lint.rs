//! The way in: lists, lints and loads packs, and joins what single files cannot know.

use crate::diagnostic::{Echo, Report};
use crate::features::Checker;
use crate::files::Files;
use crate::pack::{Deviation, Feature, Pack};
use crate::pack_file::PackFile;
use crate::requirements::Rules;
use crate::source::{Sink, Source};
use crate::steps::StepTable;
use crate::{deviations, directory, pack_file, people, requirements, scoring};
use plumbline_model::scoring::ScoringPolicy;
use plumbline_model::{Level, PackId, hexadecimal};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The packs that there are, by id: every folder of `profiles/` with a pack.toml.
pub fn list(files: &Files) -> Vec<PackId> {
    let ids: BTreeSet<&str> = files
        .under("profiles/")
        .filter_map(|(path, _)| path.strip_prefix("profiles/")?.strip_suffix("/pack.toml"))
        .filter(|id| !id.contains('/'))
        .collect();
    ids.into_iter().map(PackId::from).collect()
}

/// Reads a pack; warnings do not stand in the way, errors do.
pub fn load(files: &Files, id: &PackId, steps: &dyn StepTable) -> Result<Pack, Report> {
    let sink = Sink::default();
    let pack = read(files, id, steps, BTreeMap::new(), &sink);
    let report = Report::new(sink.into_diagnostics());
    match pack {
        Some(pack) if !report.has_errors() => Ok(pack),
        _ => Err(report),
    }
}

/// Every mistake in a pack and in the people, warnings too.
pub fn lint(files: &Files, id: &PackId, steps: &dyn StepTable) -> Report {
    let sink = Sink::default();
    read(files, id, steps, foreign_ids(files, id), &sink);
    Report::new(sink.into_diagnostics())
}

/// The scenario ids of all other packs, with file and line. Packs are loaded one at a time, and
/// everything that names a scenario names it by its id alone.
fn foreign_ids(files: &Files, id: &PackId) -> BTreeMap<String, String> {
    let own = format!("scenarios/{id}/");
    let mut ids = BTreeMap::new();
    let others = files
        .under("scenarios/")
        .filter(|(path, _)| path.ends_with(".feature") && !path.starts_with(&own));
    for (path, bytes) in others {
        let text = String::from_utf8_lossy(bytes);
        for (number, line) in (1..).zip(text.lines()) {
            let tags = line.split_whitespace().filter(|word| word.starts_with('@'));
            for id in tags.filter_map(|tag| tag.strip_prefix("@id:")) {
                ids.entry(id.to_owned())
                    .or_insert_with(|| format!("{path}:{number}"));
            }
        }
    }
    ids
}

/// `None` only where the sink holds an error.
fn read(
    files: &Files,
    id: &PackId,
    steps: &dyn StepTable,
    foreign_ids: BTreeMap<String, String>,
    sink: &Sink,
) -> Option<Pack> {
    let people = people::read_all(files, sink);
    let directory = directory::read_all(files, sink);
    let pack_path = format!("profiles/{id}/pack.toml");
    let Some(pack_bytes) = files.get(&pack_path) else {
        let known: Vec<String> = list(files).iter().map(ToString::to_string).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        sink.missing_file(
            &pack_path,
            &format!("there is no pack `{id}`"),
            &crate::suggest::instead(id.as_str(), &known),
        );
        return None;
    };
    let pack_source = Source::new(&pack_path, pack_bytes, Echo::Line, sink);
    let pack_file = pack_source
        .as_ref()
        .and_then(|source| pack_file::read(source, id));
    if let (Some(source), Some(pack)) = (&pack_source, &pack_file) {
        check_people(files, source, pack);
    }

    let scoring = read_scoring(files, id, sink);
    let deviations = read_deviations(files, id, sink);

    let rules_path = format!("profiles/{id}/requirements.csv");
    let rules_source = required(
        files,
        &rules_path,
        "list the rules of the standard, one a row",
        sink,
    );
    let rules = rules_source
        .as_ref()
        .and_then(|source| requirements::read(source, pack_file.as_ref()));

    let checker = Checker {
        pack: pack_file.as_ref(),
        rules: rules.as_ref(),
        people: &people,
        directory: &directory,
        steps,
        ids: BTreeMap::new(),
        foreign_ids,
        steps_are_whole: true,
        scored: BTreeSet::new(),
    };
    let features = read_features(files, id, sink, checker);
    if let (Some(source), Some(rules), Some((_, scored))) = (&rules_source, &rules, &features) {
        check_coverage(source, rules, scored);
    }

    let (pack, rules, (features, _)) = (pack_file?, rules?, features?);
    let fingerprint = fingerprint(files, id, &pack);
    let in_directory: BTreeMap<_, _> = pack
        .actors
        .iter()
        .filter_map(|(role, _)| Some((role.clone(), directory.get(role)?.kind)))
        .collect();
    let mut requirements: Vec<_> = rules.rows.into_iter().map(|row| row.requirement).collect();
    requirements.sort_by(|a, b| a.id.cmp(&b.id));
    Some(Pack {
        id: id.clone(),
        title: pack.title?,
        version: pack.version?,
        fhir_version: pack.fhir_version?,
        owner: pack.owner?,
        licence: pack.licence?,
        last_checked: pack.last_checked?,
        standards: pack.standards,
        actors: pack
            .actors
            .into_iter()
            .map(|(role, _)| role)
            .filter(|role| !in_directory.contains_key(role))
            .collect(),
        directory: in_directory,
        scope_profiles: pack.scope_profiles,
        capability_titles: pack.capability_titles,
        unbounded_parameters: pack.unbounded_parameters,
        interactions: pack.interactions,
        fhir_packages: pack.fhir_packages,
        requirements,
        features,
        deviations: deviations?,
        scoring: scoring?,
        fingerprint,
    })
}

fn required<'a>(
    files: &'a Files,
    path: &'a str,
    purpose: &str,
    sink: &'a Sink,
) -> Option<Source<'a>> {
    let Some(bytes) = files.get(path) else {
        sink.missing_file(path, "the file is missing", &format!("add it: {purpose}"));
        return None;
    };
    Source::new(path, bytes, Echo::Line, sink)
}

fn read_scoring(files: &Files, id: &PackId, sink: &Sink) -> Option<ScoringPolicy> {
    let path = format!("profiles/{id}/scoring.toml");
    required(
        files,
        &path,
        "give bands, minimum evidence and sign-off",
        sink,
    )
    .map(|source| scoring::read(&source))
}

fn read_deviations(files: &Files, id: &PackId, sink: &Sink) -> Option<Vec<Deviation>> {
    let path = format!("profiles/{id}/deviations.md");
    required(
        files,
        &path,
        "say where the sources contradict one another, or that none do",
        sink,
    )
    .map(|source| deviations::read(&source))
}

/// A role without a file, or with two; a file with mistakes has its own messages.
fn check_people(files: &Files, source: &Source<'_>, pack: &PackFile) {
    let people: Vec<&str> = files
        .under(people::FOLDER)
        .filter_map(|(path, _)| path.strip_prefix(people::FOLDER)?.strip_suffix(".toml"))
        .collect();
    let directory = directory::roles(files);
    let known: Vec<&str> = people.iter().chain(&directory).copied().collect();
    for (role, range) in &pack.actors {
        let both = [&people, &directory];
        match both
            .iter()
            .filter(|all| all.contains(&role.as_str()))
            .count()
        {
            0 => {}
            1 => continue,
            _ => {
                source.error(
                    range.clone(),
                    format!("the role `{role}` is that of a person and of the directory"),
                    format!("rename {}{role}.toml", directory::FOLDER),
                );
                continue;
            }
        }
        let fix = match crate::suggest::closest(role.as_str(), known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "add {}{role}.toml, or {}{role}.toml for a practitioner, an organisation or a location",
                people::FOLDER,
                directory::FOLDER
            ),
        };
        source.error(
            range.clone(),
            format!("there is no person file for the role `{role}`"),
            fix,
        );
    }
}

/// The features and the rules that a scored scenario carries; `None` if a file could not be parsed.
fn read_features(
    files: &Files,
    id: &PackId,
    sink: &Sink,
    mut checker: Checker<'_>,
) -> Option<(Vec<Feature>, BTreeSet<String>)> {
    let folder = format!("scenarios/{id}/");
    let mut features = Vec::new();
    let mut complete = true;
    for (path, bytes) in files.under(&folder) {
        if !path.ends_with(".feature") {
            continue;
        }
        let feature = Source::new(path, bytes, Echo::Line, sink)
            .and_then(|source| checker.read(&source, &path[folder.len()..]));
        complete &= feature.is_some();
        features.extend(feature);
    }
    if complete && features.is_empty() {
        sink.missing_file(
            &folder,
            "the pack has no feature file",
            "add one with at least one scenario",
        );
        return None;
    }
    complete.then_some((features, checker.scored))
}

/// Every rule is tested or says why not.
fn check_coverage(source: &Source<'_>, rules: &Rules, scored: &BTreeSet<String>) {
    for row in &rules.rows {
        let rule = &row.requirement;
        let tested = scored.contains(rule.id.as_str());
        let reason = !rule.not_tested_reason.is_empty();
        if tested && reason {
            source.error(
                row.reason_range.clone(),
                format!(
                    "{} is tested by a scored scenario and also says why it is not tested",
                    rule.id
                ),
                "remove the reason, or tag the scenario @advisory",
            );
        } else if !tested && !reason {
            let cause = format!(
                "{} has neither a scored scenario nor a `not_tested_reason`",
                rule.id
            );
            let fix = format!("tag a scenario @req:{}, or say why none tests it", rule.id);
            match rule.level {
                Level::Shall => source.error(row.id_range.clone(), cause, fix),
                Level::Should | Level::May => source.warning(row.id_range.clone(), cause, fix),
            }
        }
    }
}

/// SHA-256 over path, length and bytes of every file of the pack and of the people it uses.
fn fingerprint(files: &Files, id: &PackId, pack: &PackFile) -> String {
    let mut hash = Sha256::new();
    let mut add = |path: &str, bytes: &[u8]| {
        hash.update(path.as_bytes());
        hash.update([0]);
        hash.update(bytes.len().to_be_bytes());
        hash.update(bytes);
    };
    for folder in [format!("profiles/{id}/"), format!("scenarios/{id}/")] {
        for (path, bytes) in files.under(&folder) {
            add(path, bytes);
        }
    }
    for role in pack
        .actors
        .iter()
        .map(|(role, _)| role)
        .collect::<BTreeSet<_>>()
    {
        for folder in [people::FOLDER, directory::FOLDER] {
            let path = format!("{folder}{role}.toml");
            if let Some(bytes) = files.get(&path) {
                add(&path, bytes);
            }
        }
    }
    hexadecimal(&hash.finalize())
}
