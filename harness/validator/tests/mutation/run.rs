//! Makes the mutants, has them judged, and counts. Not for making a single one.

use super::choose::Known;
use super::mutant::{Instance, Mutant};
use super::seed::Seed;
use super::xml::xml;
use super::{KINDS, choose};
use plumbline_tree::{Limits, Syntax, Tree};
use plumbline_validator::{Options, Severity, Validator};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

/// How many mutants of each kind are made at most: of all resources, and of the invented ones alone.
const MOST: (usize, usize) = (160, 80);

/// How many of each kind are made at least, also of the invented resources alone.
const LEAST: usize = 40;

/// Beyond this share of those that are not seen, or not at the right element, in tenths of a percent, the test fails.
const MISSED: usize = 5;

/// How many mutants were made and seen in one syntax.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    made: usize,
    detected: usize,
    right: usize,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.made += other.made;
        self.detected += other.detected;
        self.right += other.right;
    }
}

/// What is seen of a mutant.
#[derive(Debug, Default)]
struct Count {
    eligible: usize,
    json: Tally,
    xml: Tally,
    /// Of those that break a rule of a key, how many are seen by that rule.
    by_key: (usize, usize),
    codes: BTreeMap<String, usize>,
}

impl Count {
    fn made(&self) -> usize {
        self.json.made.max(self.xml.made)
    }

    fn note(&mut self, mutant: &Mutant, found: &[Fault]) {
        let codes: BTreeSet<&String> = found.iter().map(|(code, _, _)| code).collect();
        if let Some(key) = &mutant.key {
            let code = format!("FHIR-INVARIANT-{}", key.to_ascii_uppercase());
            self.by_key.1 += 1;
            self.by_key.0 += usize::from(codes.iter().any(|it| it.eq_ignore_ascii_case(&code)));
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
    /// Has one mutant judged, in JSON and, where that can say it, in XML.
    fn look(
        &mut self,
        kind: &'static str,
        known: &Known,
        (instance, before): (&'i Instance, &Before),
        mutant: &Mutant,
    ) {
        let Some(body) = mutant.body(instance) else {
            return;
        };
        let name = format!("{kind}: {}: {}", instance.name, mutant.what);
        let validator = known.validator(instance.version);
        if !mutant.is_only_xml {
            let json = body.json();
            let found = faults(validator, Syntax::Json, &json, &instance.profiles);
            let (tally, new) = self.tell(&name, mutant, found, &before.json);
            let count = self.counts.entry(kind).or_default();
            count.json.add(tally);
            count.note(mutant, &new);
            if tally.detected == 0 {
                self.written.push((name.clone(), instance, json));
            }
        }
        let Some(xml) = xml(&body, instance.definitions) else {
            return;
        };
        let found = faults(validator, Syntax::Xml, &xml, &instance.profiles);
        let (tally, new) = self.tell(&format!("{name}, in XML"), mutant, found, &before.xml);
        let count = self.counts.entry(kind).or_default();
        count.xml.add(tally);
        if mutant.is_only_xml {
            count.note(mutant, &new);
        }
    }

    /// What is seen of one mutant in one syntax, and the faults that were not there before.
    fn tell(
        &mut self,
        name: &str,
        mutant: &Mutant,
        found: Option<BTreeSet<Fault>>,
        before: &BTreeSet<Fault>,
    ) -> (Tally, Vec<Fault>) {
        let made = Tally {
            made: 1,
            ..Tally::default()
        };
        // What is no JSON, or no XML, any more is seen by whoever reads it.
        let Some(found) = found else {
            let all = Tally {
                detected: 1,
                right: 1,
                ..made
            };
            return (all, Vec::new());
        };
        let new: Vec<Fault> = found.difference(before).cloned().collect();
        if new.is_empty() {
            self.survivors.insert(name.to_owned());
            return (made, new);
        }
        let is_right = new.iter().any(|(_, path, _)| mutant.is_right(path));
        if !is_right {
            let at: Vec<&str> = new.iter().map(|(_, path, _)| path.as_str()).collect();
            let _ = writeln!(self.elsewhere, "{name} seen at {at:?}");
        }
        let tally = Tally {
            detected: 1,
            right: usize::from(is_right),
            ..made
        };
        (tally, new)
    }
}

/// The faults of a resource before it is changed: none.
struct Before {
    json: BTreeSet<Fault>,
    xml: BTreeSet<Fault>,
}

impl Before {
    fn of(known: &Known, instance: &Instance) -> Self {
        let validator = known.validator(instance.version);
        let found = |syntax, text: &str| faults(validator, syntax, text, &instance.profiles);
        let json = found(Syntax::Json, &instance.body.json());
        let xml = xml(&instance.body, instance.definitions);
        Self {
            json: json.unwrap_or_else(unreadable),
            xml: xml
                .and_then(|it| found(Syntax::Xml, &it))
                .unwrap_or_else(unreadable),
        }
    }
}

fn unreadable() -> BTreeSet<Fault> {
    BTreeSet::from([(
        "UNREADABLE".to_owned(),
        String::new(),
        "cannot be read".to_owned(),
    )])
}

/// An error: code, path, message.
type Fault = (String, String, String);

fn faults(
    validator: &Validator,
    syntax: Syntax,
    text: &str,
    profiles: &[String],
) -> Option<BTreeSet<Fault>> {
    let tree = Tree::parse_as(syntax, text.as_bytes().to_vec(), &Limits::default()).ok()?;
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

/// How many mutants of each kind are made: as many as `PLUMBLINE_MUTANTS` says.
fn most(instances: &[Instance]) -> usize {
    if let Ok(number) = std::env::var("PLUMBLINE_MUTANTS") {
        return number.parse().expect("PLUMBLINE_MUTANTS is a number");
    }
    let is_whole = instances.iter().any(|it| !it.is_invented);
    if is_whole { MOST.0 } else { MOST.1 }
}

#[test]
fn every_fault_is_seen_where_it_is() {
    let known = Known::load();
    let instances = choose::instances(&known);
    let mut before = Vec::new();
    let mut wrong_before = String::new();
    for instance in &instances {
        let found = Before::of(&known, instance);
        for (syntax, faults) in [("JSON", &found.json), ("XML", &found.xml)] {
            for (code, path, message) in faults {
                let name = &instance.name;
                let _ = writeln!(wrong_before, "{name} in {syntax}: {code} {path}: {message}");
            }
        }
        before.push(found);
    }
    let most = most(&instances);
    let mut seen = Seen::default();
    for (kind, generator) in KINDS {
        let mut all: Vec<((&Instance, &Before), Mutant)> = Vec::new();
        for (instance, before) in instances.iter().zip(&before) {
            let made = generator(instance).into_iter();
            all.extend(made.map(|it| ((instance, before), it)));
        }
        Seed::new(20_261_122, kind).shuffle(&mut all);
        seen.counts.entry(kind).or_default().eligible = all.len();
        for (of, mutant) in all {
            if seen.counts.entry(kind).or_default().made() == most {
                break;
            }
            seen.look(kind, &known, of, &mutant);
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

fn shown(tally: Tally) -> String {
    let Tally {
        made,
        detected,
        right,
    } = tally;
    format!("{made} | {detected} | {right}")
}

fn report(
    counts: &BTreeMap<&str, Count>,
    survivors: &BTreeSet<String>,
    elsewhere: &str,
    wrong_before: &str,
) {
    let mut out = String::from(
        "| Kind | possible | made | seen | at the right element | in XML: made | seen | at the right element |\n|---|---|---|---|---|---|---|---|\n",
    );
    let mut by_code = String::new();
    let (mut json, mut xml) = (Tally::default(), Tally::default());
    for (kind, count) in counts {
        let _ = writeln!(
            out,
            "| {kind} | {} | {} | {} |",
            count.eligible,
            shown(count.json),
            shown(count.xml)
        );
        let mut often: Vec<(&String, &usize)> = count.codes.iter().collect();
        often.sort_by_key(|(_, number)| std::cmp::Reverse(**number));
        often.truncate(5);
        let _ = write!(by_code, "{kind}: {often:?}");
        let (seen, of) = count.by_key;
        let by_key = format!(", by key {seen} of {of}");
        let _ = writeln!(by_code, "{}", if of > 0 { by_key.as_str() } else { "" });
        json.add(count.json);
        xml.add(count.xml);
    }
    let _ = writeln!(out, "| all | | {} | {} |", shown(json), shown(xml));
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
    for (kind, count) in counts {
        assert!(count.made() >= LEAST, "too few: {kind}: {count:?}");
    }
    let sum = |of: fn(&Count) -> Tally| {
        let mut sum = Tally::default();
        for it in counts.values() {
            sum.add(of(it));
        }
        sum
    };
    let all = [sum(|it| it.json), sum(|it| it.xml)];
    for Tally { made, right, .. } in all {
        let missed = (made - right).saturating_sub(explained.len());
        assert!(missed * 1000 <= made * MISSED, "missed: {missed} of {made}");
    }
    let made: usize = all.iter().map(|it| it.made).sum();
    assert!(open.len() * 1000 <= made * MISSED, "not seen: {open:#?}");
}
