//! What files are checked by, besides the base specification: packages, files and the facts of the packs, read once.
//! Not for the checking, and not for the network: everything is read from this computer.

use super::shown::{counted, shown};
use super::tx::{self, Tx};
use crate::arguments::{EmbeddedHtmlChoice, ExampleAddressesChoice, ReferencesChoice, Validate};
use crate::commands::packages;
use crate::failure::Failure;
use plumbline_conformance::Library;
use plumbline_fhir::{
    BestPractice, Definitions, EmbeddedHtml, ExampleAddresses, FhirVersion, Options, References,
};
use plumbline_pack::Files;
use plumbline_packages::{Loaded, Loader, Note, Used, Wanted};
use plumbline_validator::Validator;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Mistakes beyond these are counted and not listed.
const MOST_MISTAKES: usize = 20;
/// What the files of facts of a pack are called.
const FACTS: [&str; 2] = ["/structures.txt", "/terms.txt"];
/// Where the specification has its own profiles, one for each type.
const BASE: &str = "http://hl7.org/fhir/StructureDefinition/";

/// Everything that files are checked by.
#[derive(Debug)]
pub(super) struct AtHand {
    pub(super) validator: Validator,
    pub(super) options: Options,
    /// Profiles that every file is checked against, by address.
    pub(super) profiles: Vec<String>,
    /// Packages, folders and files.
    pub(super) used: Vec<Used>,
    /// Facts inside Plumbline.
    pub(super) built_in: Vec<Used>,
    /// What is odd about them.
    pub(super) notes: Vec<Note>,
    /// The terminology server.
    pub(super) tx: Option<Tx>,
}

/// Reads what the arguments name.
pub(super) fn load(arguments: &Validate, version: FhirVersion) -> Result<AtHand, Failure> {
    let loaded = read(arguments, version)?;
    let profiles = profiles(arguments, &loaded)?;
    let mut validator = Validator::new(loaded.library);
    let tx = tx::open(arguments)?;
    if let Some(tx) = &tx {
        validator = validator.with_server(tx.server());
    }
    for resource in loaded.resources {
        validator.supply(resource.tree);
    }
    let (built_in, used) = loaded
        .packages
        .into_iter()
        .partition(|it| it.place == Loader::INSIDE);
    Ok(AtHand {
        validator,
        options: options(arguments),
        profiles,
        used,
        built_in,
        notes: loaded.notes,
        tx,
    })
}

/// What the arguments choose.
fn options(arguments: &Validate) -> Options {
    Options {
        best_practice: if arguments.best_practice {
            BestPractice::Warn
        } else {
            BestPractice::Ignore
        },
        embedded_html: match arguments.embedded_html {
            EmbeddedHtmlChoice::Warn => EmbeddedHtml::Warn,
            EmbeddedHtmlChoice::Refuse => EmbeddedHtml::Refuse,
            EmbeddedHtmlChoice::Ignore => EmbeddedHtml::Ignore,
        },
        example_addresses: match arguments.example_addresses {
            ExampleAddressesChoice::Accept => ExampleAddresses::Accept,
            ExampleAddressesChoice::Refuse => ExampleAddresses::Refuse,
        },
        references: match arguments.references {
            ReferencesChoice::Anywhere => References::Anywhere,
            ReferencesChoice::AtHand => References::AtHand,
        },
        ..Options::default()
    }
}

/// The library and everything else, without a mistake.
pub(super) fn read(arguments: &Validate, version: FhirVersion) -> Result<Loaded, Failure> {
    let mut reading = Loader::new(version).with_lock(packages::lock(Path::new(packages::LOCK))?);
    if let Some(cache) = packages::cache(arguments.cache.as_deref()) {
        reading = reading.with_cache(cache);
    }
    // What the user brings comes first: of two definitions of one address the first counts.
    let mut given = BTreeSet::new();
    for profile in &arguments.profile {
        if !is_address(profile) {
            let path = existing(profile, "--profile")?;
            if given.insert(path.clone()) {
                reading.add(&path);
            }
        }
    }
    for package in &arguments.package {
        match package_of(package)? {
            Package::Path(path) => {
                if given.insert(path.clone()) {
                    reading.add(&path);
                }
            }
            Package::Named(wanted) => reading.add_named(&wanted),
        }
    }
    let files = Files::embedded();
    for (path, bytes) in files.under("profiles/") {
        if path.contains("/fhir/")
            && FACTS.iter().any(|it| path.ends_with(it))
            && is_for(bytes, version)
        {
            reading.add_facts(path, &String::from_utf8_lossy(bytes));
        }
    }
    let loaded = reading.finish();
    if loaded.errors.is_empty() {
        return Ok(loaded);
    }
    let mistakes = loaded.errors.iter().take(MOST_MISTAKES);
    let mut lines: Vec<String> = mistakes
        .map(|error| {
            format!(
                "error: {}\n  help: {}",
                shown(&error.to_string()),
                error.fix
            )
        })
        .collect();
    let more = loaded.errors.len().saturating_sub(MOST_MISTAKES);
    if more > 0 {
        let more = counted(more as u64, "more mistake");
        lines.push(format!("and {more} in definitions"));
    }
    lines.push("No file was checked.".to_owned());
    Err(Failure::usage(lines.join("\n")))
}

/// Facts say in their first line that is no comment which version they are for.
fn is_for(bytes: &[u8], version: FhirVersion) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.next().and_then(|line| line.strip_prefix("fhir ")) == Some(version.number())
}

/// What `--package` names.
enum Package {
    Path(PathBuf),
    Named(Wanted),
}

fn package_of(text: &str) -> Result<Package, Failure> {
    let path = Path::new(text);
    if path.exists() {
        return Ok(Package::Path(path.to_owned()));
    }
    let is_named = text.contains(['@', '#']) && !text.contains(['/', '\\']);
    if is_named && let Ok(wanted) = Wanted::parse(text) {
        return Ok(Package::Named(wanted));
    }
    Err(Failure::usage(format!(
        "error: --package {}: there is no such file or folder\n  help: name a .tgz, a folder or a file, or \
         name@version of a package that plumbline packages add has fetched",
        shown(text)
    )))
}

fn is_address(text: &str) -> bool {
    text.contains("://") || text.starts_with("urn:")
}

fn existing(text: &str, option: &str) -> Result<PathBuf, Failure> {
    let path = Path::new(text);
    if path.is_file() {
        return Ok(path.to_owned());
    }
    Err(Failure::usage(format!(
        "error: {option} {}: there is no such file\n  help: name a file that holds the profile, or the address of \
         the profile, which begins with http:// or https://",
        shown(text)
    )))
}

/// The addresses of the profiles that were asked for, each once; all of them are known.
fn profiles(arguments: &Validate, loaded: &Loaded) -> Result<Vec<String>, Failure> {
    let mut all: Vec<String> = Vec::new();
    for asked in &arguments.profile {
        let address = if is_address(asked) {
            known(asked, &loaded.library)?
        } else {
            let given = loaded.given.iter();
            let mut given = given.filter(|(path, _)| path == Path::new(asked));
            let (_, address) = given.next().ok_or_else(|| {
                Failure::usage(format!(
                    "error: --profile {}: this file holds no profile\n  help: name a file that holds a \
                     StructureDefinition; value sets, code systems and the rest go with --package",
                    shown(asked)
                ))
            })?;
            address.clone()
        };
        if !all.contains(&address) {
            all.push(address);
        }
    }
    Ok(all)
}

/// The address, if there is a profile under it.
fn known(address: &str, library: &Library) -> Result<String, Failure> {
    if library.profile(address).is_some() || is_base_type(address, library.version()) {
        return Ok(address.to_owned());
    }
    let (url, version) = address.split_once('|').unwrap_or((address, ""));
    let why = match library.profile(url) {
        Some(profile) => format!(
            "of the profile {} version {} is known, not {}",
            shown(url),
            profile.version.as_deref().unwrap_or("(none)"),
            shown(version)
        ),
        None => format!("the profile {} is not known", shown(url)),
    };
    let near = near(url, library);
    let near = if near.is_empty() {
        "name the package or file that holds it with --package; see plumbline packages".to_owned()
    } else {
        format!(
            "name the package or file that holds it with --package, or did you mean\n    {}",
            near.join("\n    ")
        )
    };
    Err(Failure::usage(format!("error: {why}\n  help: {near}")))
}

/// Whether an address is that of a type of the base specification.
fn is_base_type(address: &str, version: FhirVersion) -> bool {
    let url = address.split('|').next().unwrap_or(address);
    let name = url.strip_prefix(BASE);
    name.is_some_and(|name| Definitions::of(version).type_named(name).is_some())
}

/// Addresses of profiles that look like this one, the nearest first.
fn near(url: &str, library: &Library) -> Vec<String> {
    let name = |url: &str| url.rsplit('/').next().unwrap_or(url).to_lowercase();
    let wanted = name(url);
    let mut all: Vec<(i64, &str)> = library
        .profiles()
        .map(|it| {
            let likeness = strsim::jaro_winkler(&wanted, &name(&it.url));
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a likeness is between 0 and 1, and only sorts"
            )]
            let likeness = (likeness * 1000.0) as i64;
            (-likeness, it.url.as_str())
        })
        .filter(|(likeness, _)| *likeness <= -850)
        .collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().take(5).map(|(_, url)| shown(url)).collect()
}

impl AtHand {
    /// What files were checked by, a line each.
    pub(super) fn definitions(&self) -> Vec<String> {
        let mut lines: Vec<String> = self
            .used
            .iter()
            .map(|it| {
                let by = match &it.wanted_by {
                    Some(by) => format!(", needed by {}", shown(by)),
                    None => String::new(),
                };
                let pinned = if it.is_pinned { ", as pinned" } else { "" };
                format!(
                    "{}: {}{by}{pinned}; SHA-256 {}",
                    shown(&it.title()),
                    counted(it.definitions as u64, "definition"),
                    it.sha256
                )
            })
            .collect();
        let count: usize = self.built_in.iter().map(|it| it.definitions).sum();
        if count > 0 {
            lines.push(format!(
                "inside Plumbline {}: {} of the packs",
                env!("CARGO_PKG_VERSION"),
                counted(count as u64, "definition")
            ));
        }
        lines
    }

    /// What a user should know about the definitions, a line each.
    pub(super) fn notes(&self) -> Vec<String> {
        let notes = self.notes.iter();
        let mut lines: Vec<String> = notes
            .map(|it| format!("{} {}", shown(&it.place), shown(&it.text)))
            .collect();
        let empty = self.used.iter().filter(|it| it.wanted_by.is_none());
        let empty = empty.filter(|it| it.definitions + it.resources == 0);
        lines.extend(empty.map(|it| format!("{} gives nothing to check by", shown(&it.place))));
        lines
    }

    /// Packages that were asked for and of whose profiles none was checked. `checked` are canonical addresses.
    pub(super) fn unused(&self, checked: &dyn Fn(&str) -> bool) -> Vec<String> {
        let asked = self.used.iter().filter(|it| it.wanted_by.is_none());
        let idle = asked
            .filter(|it| !it.profiles.is_empty() && !it.profiles.iter().any(|url| checked(url)));
        idle.map(|it| {
            format!(
                "no file was checked against a profile of {}: name one with --profile, or in meta.profile of the files",
                shown(&it.title())
            )
        })
        .collect()
    }
}
