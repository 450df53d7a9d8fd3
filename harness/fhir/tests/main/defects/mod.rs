//! Every kind of constraint is broken at random places, at every depth, of valid resources: our own, and the official
//! examples where they are there. Each defect must be found, with the right code, at the right element.
//! The same defect in XML must be found alike. What is not found is printed.

mod codes;
mod edit;
mod formats;
mod links;
pub mod random;
mod sites;
mod structure;
mod xml;

use plumbline_fhir::{Definitions, FhirVersion, Issue, Options, json_to_xml, validate};
use plumbline_tree::{Layout, Limits, Syntax, Tree};
use random::Random;
use sites::Doc;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// A broken resource, and what must be said of it.
pub struct Mutant {
    pub text: String,
    pub code: &'static str,
    pub path: String,
}

/// What a breaker ends with.
#[expect(clippy::unnecessary_wraps, reason = "a breaker may find no place")]
pub fn mutant(text: String, code: &'static str, path: String) -> Option<Mutant> {
    Some(Mutant { text, code, path })
}

/// Breaks one kind of constraint somewhere; `None` where the resource has no place for that.
pub type Break = fn(&Doc<'_>, &mut Random) -> Option<Mutant>;

/// A kind of defect.
pub struct Defect {
    pub name: &'static str,
    pub break_: Break,
}

/// How many of each kind at least.
const LEAST: usize = 40;
/// How many of each kind are made.
const WANTED: usize = 60;
const SEED: u64 = 20_240_229;

struct Source {
    name: String,
    version: FhirVersion,
    tree: Tree,
}

fn parse(syntax: Syntax, text: Vec<u8>) -> Tree {
    Tree::parse_as(syntax, text, &Limits::default()).unwrap()
}

fn own() -> Vec<Source> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/valid");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let version = FhirVersion::from_text(name.split('-').next().unwrap()).unwrap();
            let tree = parse(Syntax::Json, std::fs::read(&path).unwrap());
            Source {
                name,
                version,
                tree,
            }
        })
        .collect()
}

/// Official examples: a sample of those of ordinary size that are valid, at most three of a type.
fn official(version: FhirVersion, random: &mut Random) -> Vec<Source> {
    let package = match version {
        FhirVersion::R4 => "hl7.fhir.r4.examples-4.0.1",
        FhirVersion::Stu3 => "hl7.fhir.r3.examples-3.0.2",
    };
    let Some(mut paths) = super::examples::files(package) else {
        return Vec::new();
    };
    let mut sources = Vec::new();
    let mut of_type: BTreeMap<String, usize> = BTreeMap::new();
    while sources.len() < 250 && !paths.is_empty() {
        let path = paths.swap_remove(random.below(paths.len()));
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        // Most examples are definitions; what matters are records.
        let of = name.split('-').next().unwrap_or_default().to_owned();
        let known = of_type.entry(of).or_default();
        if bytes.len() > 40_000 || *known >= 3 {
            continue;
        }
        *known += 1;
        let tree = parse(Syntax::Json, bytes);
        let outcome = validate(&tree, Definitions::of(version), &Options::default());
        if outcome.is_valid() {
            sources.push(Source {
                name: path.file_name().unwrap().to_string_lossy().into_owned(),
                version,
                tree,
            });
        }
    }
    sources
}

#[test]
fn our_own_resources_are_valid_in_both_syntaxes() {
    let mut names = Vec::new();
    for source in own() {
        let definitions = Definitions::of(source.version);
        let outcome = validate(&source.tree, definitions, &Options::default());
        assert!(outcome.is_valid(), "{}: {:#?}", source.name, outcome.issues);
        let xml = json_to_xml(&source.tree, definitions, Layout::Indented).unwrap();
        let xml = parse(Syntax::Xml, xml.into_bytes());
        let outcome = validate(&xml, definitions, &Options::default());
        assert!(outcome.is_valid(), "{}: {:#?}", source.name, outcome.issues);
        names.push(source.name);
    }
    assert!(names.len() >= 5, "{names:?}");
}

/// What became of the defects of one kind.
#[derive(Default)]
struct Tally {
    made: usize,
    found: usize,
    in_xml: usize,
    found_in_xml: usize,
    /// Issues beside the right one.
    others: usize,
}

struct Hunt {
    tallies: BTreeMap<&'static str, Tally>,
    survivors: Vec<String>,
}

fn has(issues: &[Issue], mutant: &Mutant) -> bool {
    let mut all = issues.iter();
    all.any(|it| it.code == mutant.code && it.path == mutant.path)
}

fn found(issues: &[Issue]) -> String {
    let all: Vec<String> = issues
        .iter()
        .take(4)
        .map(|it| format!("{} {}", it.code, it.path))
        .collect();
    all.join(", ")
}

impl Hunt {
    fn try_one(&mut self, defect: &Defect, source: &Source, mutant: &Mutant, syntax: Syntax) {
        let definitions = Definitions::of(source.version);
        let tree = Tree::parse_as(syntax, mutant.text.clone().into_bytes(), &Limits::default());
        let tree = tree.unwrap_or_else(|error| panic!("{}: {error}\n{}", defect.name, mutant.text));
        let outcome = validate(&tree, definitions, &Options::default());
        let tally = self.tallies.entry(defect.name).or_default();
        tally.made += 1;
        if has(&outcome.issues, mutant) {
            tally.found += 1;
            let graver = outcome.issues.iter().filter(|it| it.code != mutant.code);
            tally.others += graver.count();
        } else {
            self.survivors.push(format!(
                "{} in {}: wanted {} {}, found {}",
                defect.name,
                source.name,
                mutant.code,
                mutant.path,
                found(&outcome.issues)
            ));
        }
        if syntax == Syntax::Xml || mutant.code.contains("JSON") {
            return;
        }
        // What the converter refuses has no form in XML.
        let Ok(xml) = json_to_xml(&tree, definitions, Layout::Compact) else {
            return;
        };
        let outcome = validate(
            &parse(Syntax::Xml, xml.into_bytes()),
            definitions,
            &Options::default(),
        );
        let tally = self.tallies.entry(defect.name).or_default();
        tally.in_xml += 1;
        if has(&outcome.issues, mutant) {
            tally.found_in_xml += 1;
        } else {
            self.survivors.push(format!(
                "{} in {} as XML: wanted {} {}, found {}",
                defect.name,
                source.name,
                mutant.code,
                mutant.path,
                found(&outcome.issues)
            ));
        }
    }
}

#[test]
fn defects_are_found_at_the_right_element() {
    let mut random = Random::new(SEED);
    let mut sources = own();
    let own = sources.len();
    for version in FhirVersion::ALL {
        sources.extend(official(version, &mut random));
    }
    let mut xml_sources = Vec::new();
    for source in &sources {
        let definitions = Definitions::of(source.version);
        let xml = json_to_xml(&source.tree, definitions, Layout::Compact).unwrap();
        xml_sources.push(Source {
            name: source.name.clone(),
            version: source.version,
            tree: parse(Syntax::Xml, xml.into_bytes()),
        });
    }
    let mut hunt = Hunt {
        tallies: BTreeMap::new(),
        survivors: Vec::new(),
    };
    let json = [
        structure::DEFECTS,
        formats::DEFECTS,
        codes::DEFECTS,
        links::DEFECTS,
    ]
    .concat_all();
    hunt.run(&json, &sources, own, Syntax::Json, &mut random);
    hunt.run(
        &xml::DEFECTS.iter().collect::<Vec<_>>(),
        &xml_sources,
        own,
        Syntax::Xml,
        &mut random,
    );
    hunt.report(sources.len());
}

trait ConcatAll {
    fn concat_all(self) -> Vec<&'static Defect>;
}

impl<const N: usize> ConcatAll for [&'static [Defect]; N] {
    fn concat_all(self) -> Vec<&'static Defect> {
        self.into_iter().flatten().collect()
    }
}

impl Hunt {
    fn run(
        &mut self,
        defects: &[&'static Defect],
        sources: &[Source],
        own: usize,
        syntax: Syntax,
        random: &mut Random,
    ) {
        let docs: Vec<Doc<'_>> = sources
            .iter()
            .map(|it| Doc::new(&it.tree, Definitions::of(it.version)))
            .collect();
        for defect in defects {
            let mut made = 0;
            for _ in 0..WANTED * 60 {
                // Our own have something of everything.
                let end = if random.below(4) == 0 {
                    own
                } else {
                    docs.len()
                };
                let at = random.below(end);
                let Some(mutant) = (defect.break_)(&docs[at], random) else {
                    continue;
                };
                self.try_one(defect, &sources[at], &mutant, syntax);
                made += 1;
                if made == WANTED {
                    break;
                }
            }
        }
    }

    fn report(&self, sources: usize) {
        let mut terminal = std::io::stderr();
        let (mut made, mut found) = (0, 0);
        let mut too_few = Vec::new();
        for (name, tally) in &self.tallies {
            let _ = writeln!(
                terminal,
                "{name:32} {:3} of {:3}, as XML {:3} of {:3}, other issues {}",
                tally.found, tally.made, tally.found_in_xml, tally.in_xml, tally.others
            );
            made += tally.made + tally.in_xml;
            found += tally.found + tally.found_in_xml;
            if tally.made < LEAST {
                too_few.push(*name);
            }
        }
        for survivor in &self.survivors {
            let _ = writeln!(terminal, "survived: {survivor}");
        }
        let _ = writeln!(
            terminal,
            "{found} of {made} defects found, {} kinds, {sources} resources",
            self.tallies.len()
        );
        assert!(too_few.is_empty(), "fewer than {LEAST}: {too_few:?}");
        let missed = made - found;
        assert!(missed * 200 <= made, "{missed} of {made} were not found");
    }
}
