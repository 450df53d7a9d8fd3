//! Makes the mutants, has them judged, and counts. Not for making a single one.

use super::choose::Known;
use super::mutant::{Instance, Mutant};
use super::seed::Seed;
use super::{KINDS, choose};
use plumbline_tree::{Limits, Tree};
use plumbline_validator::{Options, Severity, Validator};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

/// How many mutants of each kind are made at most.
const MOST: usize = 160;

/// Beyond this share of survivors, in tenths of a percent, the test fails.
const SURVIVORS: usize = 5;

/// What is seen of a mutant.
#[derive(Debug, Default)]
struct Count {
    eligible: usize,
    made: usize,
    detected: usize,
    right: usize,
    /// Of those that break a rule of a key, how many are seen by that rule.
    by_key: (usize, usize),
    codes: BTreeMap<String, usize>,
}

impl Count {
    fn note(&mut self, mutant: &Mutant, found: &[Fault]) {
        let codes: BTreeSet<&String> = found.iter().map(|(code, _, _)| code).collect();
        if let Some(key) = &mutant.key {
            let code = format!("FHIR-INVARIANT-{}", key.to_ascii_uppercase());
            self.by_key.0 += 1;
            self.by_key.1 += usize::from(codes.iter().any(|it| it.eq_ignore_ascii_case(&code)));
        }
        for code in codes {
            *self.codes.entry(code.clone()).or_default() += 1;
        }
    }
}

/// What is seen of all.
#[derive(Default)]
struct Seen<'i> {
    counts: BTreeMap<&'static str, Count>,
    survivors: BTreeSet<String>,
    elsewhere: String,
    /// The survivors themselves.
    written: Vec<(String, &'i Instance, String)>,
}

impl<'i> Seen<'i> {
    /// Has one mutant judged.
    fn look(
        &mut self,
        kind: &'static str,
        known: &Known,
        instance: &'i Instance,
        before: &BTreeSet<Fault>,
        mutant: &Mutant,
    ) {
        let Some(body) = mutant.body(instance) else {
            return;
        };
        let count = self.counts.entry(kind).or_default();
        let json = body.json();
        let found = faults(known.validator(instance.version), &json, &instance.profiles);
        count.made += 1;
        let new = found.map(|it| it.difference(before).cloned().collect::<Vec<Fault>>());
        // What is no JSON any more is seen by whoever reads it.
        let Some(new) = new else {
            (count.detected, count.right) = (count.detected + 1, count.right + 1);
            return;
        };
        let name = format!("{kind}: {}: {}", instance.name, mutant.what);
        if new.is_empty() {
            self.written.push((name.clone(), instance, json));
            self.survivors.insert(name);
            return;
        }
        count.detected += 1;
        count.note(mutant, &new);
        if new.iter().any(|(_, path, _)| mutant.is_right(path)) {
            count.right += 1;
        } else {
            let at: Vec<&str> = new.iter().map(|(_, path, _)| path.as_str()).collect();
            let _ = writeln!(self.elsewhere, "{name} seen at {at:?}");
        }
    }
}

/// An error: code, path, message.
type Fault = (String, String, String);

fn faults(validator: &Validator, json: &str, profiles: &[String]) -> Option<BTreeSet<Fault>> {
    let tree = Tree::parse(json.as_bytes().to_vec(), &Limits::default()).ok()?;
    let outcome = validator.validate(
        &tree,
        profiles,
        &Options {
            most_issues: 100_000,
            ..Options::default()
        },
    );
    let errors = outcome.issues.into_iter();
    let errors = errors.filter(|it| it.severity == Severity::Error);
    Some(
        errors
            .map(|it| (it.code.into_owned(), it.path, it.message))
            .collect(),
    )
}

/// Mutants that are not seen, and why that is right. One that is seen has to go from here.
const EXPLAINED: &[(&str, &str)] = &[];

#[test]
fn every_fault_is_seen_where_it_is() {
    let known = Known::load();
    let instances = choose::instances(&known);
    let mut before = Vec::new();
    let mut wrong_before = String::new();
    for instance in &instances {
        let found = faults(
            known.validator(instance.version),
            &instance.body.json(),
            &instance.profiles,
        );
        let found = found.unwrap_or_default();
        for (code, path, message) in &found {
            let _ = writeln!(wrong_before, "{}: {code} {path}: {message}", instance.name);
        }
        before.push(found);
    }
    let mut seen = Seen::default();
    for (kind, generator) in KINDS {
        let mut all: Vec<(&Instance, &BTreeSet<Fault>, Mutant)> = Vec::new();
        for (instance, before) in instances.iter().zip(&before) {
            let made = generator(instance).into_iter();
            all.extend(made.map(|it| (instance, before, it)));
        }
        Seed::new(20_261_122, kind).shuffle(&mut all);
        seen.counts.entry(kind).or_default().eligible = all.len();
        for (instance, before, mutant) in all {
            if seen.counts.entry(kind).or_default().made == MOST {
                break;
            }
            seen.look(kind, &known, instance, before, &mutant);
        }
    }
    let Seen {
        counts,
        survivors,
        elsewhere,
        written,
    } = seen;
    report(&counts, &survivors, &elsewhere, &wrong_before);
    write_survivors(&written);
    judge(&counts, &survivors, &wrong_before);
}

/// Writes the survivors and a list of them for the Java validator into the folder that is named, if one is.
fn write_survivors(survivors: &[(String, &Instance, String)]) {
    let Some(folder) = std::env::var_os("PLUMBLINE_SURVIVORS").map(PathBuf::from) else {
        return;
    };
    fs::create_dir_all(&folder).expect("a folder for survivors");
    let mut lists: BTreeMap<&str, String> = BTreeMap::new();
    for (number, (name, instance, json)) in survivors.iter().enumerate() {
        let path = folder.join(format!("{number}.json"));
        fs::write(&path, json).expect("a survivor is written");
        let (version, head) = choose::list_head(instance.version);
        let list = lists.entry(version).or_insert(head);
        let profiles = instance.profiles.join("\t");
        let _ = writeln!(list, "file\t{name}\t{}\t{profiles}", path.display());
    }
    for (version, list) in lists {
        fs::write(folder.join(format!("{version}.tsv")), list).expect("a list is written");
    }
}

fn report(
    counts: &BTreeMap<&str, Count>,
    survivors: &BTreeSet<String>,
    elsewhere: &str,
    wrong_before: &str,
) {
    let mut out = String::from(
        "| Kind | possible | made | seen | at the right element |\n|---|---|---|---|---|\n",
    );
    let mut by_code = String::new();
    let mut sum = Count::default();
    for (kind, count) in counts {
        let Count {
            eligible,
            made,
            detected,
            right,
            by_key,
            codes,
        } = count;
        let _ = writeln!(
            out,
            "| {kind} | {eligible} | {made} | {detected} | {right} |"
        );
        let mut often: Vec<(&String, &usize)> = codes.iter().collect();
        often.sort_by_key(|(_, number)| std::cmp::Reverse(**number));
        often.truncate(5);
        let _ = write!(by_code, "{kind}: {often:?}");
        let _ = writeln!(
            by_code,
            "{}",
            if by_key.0 > 0 {
                format!(", by key {} of {}", by_key.1, by_key.0)
            } else {
                String::new()
            }
        );
        sum.made += made;
        sum.detected += detected;
        sum.right += right;
    }
    let _ = writeln!(
        out,
        "| all | | {} | {} | {} |",
        sum.made, sum.detected, sum.right
    );
    let _ = writeln!(out, "\nSurvivors: {}", survivors.len());
    for survivor in survivors {
        let _ = writeln!(out, "  {survivor}");
    }
    let _ = writeln!(out, "\nMost often seen by:\n{by_code}");
    let _ = writeln!(
        out,
        "\nSeen elsewhere:\n{elsewhere}\nWrong before:\n{wrong_before}"
    );
    // Straight to the terminal: the test harness keeps back what `println!` writes.
    let _ = writeln!(std::io::stderr(), "{out}");
}

fn judge(counts: &BTreeMap<&str, Count>, survivors: &BTreeSet<String>, wrong_before: &str) {
    assert_eq!(
        wrong_before, "",
        "resources must be right before they are made wrong"
    );
    let explained: BTreeSet<String> = EXPLAINED
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let seen: Vec<&String> = explained.difference(survivors).collect();
    assert!(seen.is_empty(), "explained, but seen: {seen:#?}");
    let open: Vec<&String> = survivors.difference(&explained).collect();
    let made: usize = counts.values().map(|it| it.made).sum();
    assert!(open.len() * 1000 <= made * SURVIVORS, "not seen: {open:#?}");
}
