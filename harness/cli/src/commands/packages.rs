//! `plumbline packages`: fetches FHIR packages into the folder that FHIR tools share, lists them, and pins them.
//! Not for reading definitions, which the library does, and never called while something is judged.

mod settings;

use crate::Outcome;
use crate::arguments::Form;
use crate::failure::Failure;
use crate::session;
use clap::{Args, Subcommand};
use plumbline_http::Connection;
use plumbline_model::ExitCode;
use plumbline_packages::{
    Added, Arrival, Bounds, Cache, Difference, Lock, PackageError, PackageId, Pin, Registry,
    Wanted, add,
};
use serde_json::{Value, json};
use settings::Settings;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The file that pins packages, in the folder in which a command is started.
pub(crate) const LOCK: &str = "plumbline-packages.lock";
/// Who asks.
const USER_AGENT: &str = concat!("plumbline/", env!("CARGO_PKG_VERSION"));

#[derive(Debug, Args)]
pub(crate) struct Packages {
    #[command(subcommand)]
    pub command: PackagesCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PackagesCommand {
    /// Fetches packages, and those that they depend on, and pins them in the lock
    Add(PackagesAdd),
    /// Lists the packages that are there, and whether the lock pins them
    List(PackagesList),
    /// Pins packages that are there, or says how they differ from what is pinned
    Lock(PackagesLock),
}

/// Where packages and their pins are.
#[derive(Debug, Args)]
pub(crate) struct Places {
    /// Folder of packages [default: .fhir/packages in your home folder]
    #[arg(long, value_name = "DIR")]
    pub cache: Option<PathBuf>,
    /// The file that pins packages
    #[arg(long = "lock", value_name = "FILE", default_value = LOCK)]
    pub lock_file: PathBuf,
    /// A file of settings, such as registry and proxy [default: plumbline-packages.toml, if there is one]
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct PackagesAdd {
    /// Packages: name, or name@version; without a version the newest
    #[arg(value_name = "NAME[@VERSION]", required = true)]
    pub names: Vec<String>,
    /// Address of the registry [default: packages.fhir.org]
    #[arg(long, value_name = "URL")]
    pub registry: Option<String>,
    #[command(flatten)]
    pub places: Places,
}

#[derive(Debug, Args)]
pub(crate) struct PackagesList {
    /// Form of the list
    #[arg(long, value_enum, default_value = "text")]
    pub format: Form,
    #[command(flatten)]
    pub places: Places,
}

#[derive(Debug, Args)]
pub(crate) struct PackagesLock {
    /// Packages to pin: name, or name@version [default: all that are there]
    #[arg(value_name = "NAME[@VERSION]")]
    pub names: Vec<String>,
    /// Writes nothing, and says what differs from the lock
    #[arg(long, conflicts_with = "names")]
    pub check: bool,
    #[command(flatten)]
    pub places: Places,
}

pub(crate) fn perform(arguments: &Packages) -> Outcome {
    match &arguments.command {
        PackagesCommand::Add(arguments) => fetch(arguments),
        PackagesCommand::List(arguments) => list(arguments),
        PackagesCommand::Lock(arguments) if arguments.check => check(arguments),
        PackagesCommand::Lock(arguments) => pin(arguments),
    }
}

/// What is wrong, where, and what to do.
pub(crate) fn told(error: &PackageError) -> Failure {
    Failure::usage(format!("error: {error}\n  help: {}", error.fix))
}

/// The folder of packages: the one that was asked for, or the one that FHIR tools share.
pub(crate) fn cache(asked: Option<&Path>) -> Option<Cache> {
    if let Some(folder) = asked {
        return Some(Cache::new(folder));
    }
    let home = std::env::home_dir().filter(|home| !home.as_os_str().is_empty())?;
    Some(Cache::new(home.join(".fhir").join("packages")))
}

/// The pins of a file; none if there is no such file.
pub(crate) fn lock(path: &Path) -> Result<Lock, Failure> {
    let place = path.display().to_string();
    match fs::read_to_string(path) {
        Ok(text) => Lock::read(&place, &text).map_err(|error| told(&error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Lock::default()),
        Err(error) => Err(Failure::usage(format!(
            "error: failed to read {place}: {error}"
        ))),
    }
}

/// Settings, cache and lock of a command.
struct Opened {
    settings: Settings,
    cache: Cache,
    lock: Lock,
}

fn open(places: &Places) -> Result<Opened, Failure> {
    let settings = settings::read(places.settings.as_deref())?;
    let asked = places.cache.as_deref().or(settings.cache.as_deref());
    let cache = cache(asked).ok_or_else(|| {
        Failure::usage(
            "error: this user has no home folder\n  help: name a folder for packages with --cache",
        )
    })?;
    Ok(Opened {
        settings,
        cache,
        lock: lock(&places.lock_file)?,
    })
}

/// The lock is written whole or not at all.
fn write_lock(path: &Path, before: &Lock, lock: &Lock) -> Result<(), Failure> {
    if before == lock {
        return Ok(());
    }
    let failed = |error: &io::Error| {
        Failure::usage(format!(
            "error: failed to write {}: {error}\n  help: choose another file with --lock",
            path.display()
        ))
    };
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|error| failed(&error))?;
    io::Write::write_all(&mut file, lock.to_text().as_bytes()).map_err(|error| failed(&error))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let readable = fs::Permissions::from_mode(0o644);
        file.as_file()
            .set_permissions(readable)
            .map_err(|error| failed(&error))?;
    }
    file.persist(path).map_err(|error| failed(&error.error))?;
    Ok(())
}

fn wanted(names: &[String]) -> Result<Vec<Wanted>, Failure> {
    let all = names.iter().map(|name| Wanted::parse(name));
    all.collect::<Result<_, _>>().map_err(|error| told(&error))
}

fn fetch(arguments: &PackagesAdd) -> Outcome {
    let wanted = wanted(&arguments.names)?;
    let Opened {
        settings,
        cache,
        mut lock,
    } = open(&arguments.places)?;
    let address = arguments.registry.as_ref().or(settings.registry.as_ref());
    let address = address.map_or(settings::REGISTRY, String::as_str);
    let connection = Connection {
        proxy: settings.proxy()?,
        trust_roots: settings.trust_roots,
        ..Connection::default()
    };
    let registry = Registry::new(address, connection, USER_AGENT).map_err(|error| told(&error))?;
    let before = lock.clone();
    let path = &arguments.places.lock_file;
    let bounds = Bounds::default();
    let done = session::runtime()?.block_on(add(
        &registry,
        &cache,
        &mut lock,
        &wanted,
        bounds,
        |added| {
            println!("{}", line(added, registry.address()));
        },
    ));
    // What was fetched before something went wrong is there, and pinned.
    write_lock(path, &before, &lock)?;
    done.map_err(|error| told(&error))?;
    println!();
    println!("Packages are in {}", cache.folder().display());
    println!("Pinned in {}", path.display());
    Ok(ExitCode::Success)
}

fn line(added: &Added, registry: &str) -> String {
    let how = match added.arrival {
        Arrival::Present => "was there already, nothing was fetched".to_owned(),
        Arrival::Fetched(Some(checked)) => {
            format!("fetched from {registry}, checked against its {checked}")
        }
        Arrival::Fetched(None) => {
            format!("fetched from {registry}, which gives no fingerprint to check against")
        }
    };
    let by = match &added.wanted_by {
        Some(by) => format!(", needed by {by}"),
        None => String::new(),
    };
    format!("{}: {how}{by}\n  SHA-256 {}", added.package, added.sha256)
}

/// How a package stands to the lock, for a person and for programs.
fn standing(lock: &Lock, id: &PackageId, sha256: &str) -> (&'static str, &'static str) {
    match lock.pin(id) {
        None => ("not pinned", "not-pinned"),
        Some(pin) if pin.sha256 == sha256 => ("pinned", "pinned"),
        Some(_) => ("pinned with another content", "changed"),
    }
}

fn list(arguments: &PackagesList) -> Outcome {
    let Opened { cache, lock, .. } = open(&arguments.places)?;
    let all = cache.packages().map_err(|error| told(&error))?;
    let mut rows = Vec::new();
    for id in all {
        let sha256 = cache.fingerprint(&id, Bounds::default());
        rows.push((id, sha256.map_err(|error| told(&error))?));
    }
    match arguments.format {
        Form::Json => {
            let rows: Vec<Value> = rows
                .iter()
                .map(|(id, sha256)| {
                    json!({
                        "name": id.name,
                        "version": id.version,
                        "sha256": sha256,
                        "lock": standing(&lock, id, sha256).1,
                        "folder": cache.path(id),
                    })
                })
                .collect();
            let text = serde_json::to_string_pretty(&rows);
            println!("{}", text.map_err(anyhow::Error::from)?);
        }
        Form::Text if rows.is_empty() => {
            println!("No packages in {}", cache.folder().display());
        }
        Form::Text => {
            let width = rows.iter().map(|(id, _)| id.to_string().len()).max();
            let width = width.unwrap_or(0);
            for (id, sha256) in &rows {
                let standing = standing(&lock, id, sha256).0;
                println!("{:<width$}  {sha256}  {standing}", id.to_string());
            }
        }
    }
    Ok(ExitCode::Success)
}

fn pin(arguments: &PackagesLock) -> Outcome {
    let wanted = wanted(&arguments.names)?;
    let Opened {
        cache, mut lock, ..
    } = open(&arguments.places)?;
    let before = lock.clone();
    let mut ids = Vec::new();
    for wanted in &wanted {
        let found = cache.find(wanted).map_err(|error| told(&error))?;
        ids.push(found.ok_or_else(|| {
            Failure::usage(format!(
                "error: {wanted} is not in {}\n  help: fetch it with plumbline packages add {wanted}",
                cache.folder().display()
            ))
        })?);
    }
    if wanted.is_empty() {
        ids = cache.packages().map_err(|error| told(&error))?;
    }
    for id in &ids {
        let sha256 = cache.fingerprint(id, Bounds::default());
        let pin = Pin {
            sha256: sha256.map_err(|error| told(&error))?,
            archive: None,
            source: "cache".to_owned(),
        };
        lock.insert(id.clone(), pin).map_err(|error| told(&error))?;
    }
    let path = &arguments.places.lock_file;
    write_lock(path, &before, &lock)?;
    let pins = lock.pins().count();
    let new = pins - before.pins().count();
    println!("{}: {pins} pinned, {new} of them new", path.display());
    Ok(ExitCode::Success)
}

fn check(arguments: &PackagesLock) -> Outcome {
    let path = &arguments.places.lock_file;
    if !path.exists() {
        return Err(Failure::usage(format!(
            "error: there is no {}\n  help: plumbline packages lock writes it, or name another file with --lock",
            path.display()
        )));
    }
    let Opened { cache, lock, .. } = open(&arguments.places)?;
    let differences = lock.differences(&cache, Bounds::default());
    let differences: Vec<Difference> = differences.map_err(|error| told(&error))?;
    let pins = lock.pins().count();
    if differences.is_empty() {
        println!("All {pins} pinned packages are there, as they were pinned.");
        return Ok(ExitCode::Success);
    }
    for difference in &differences {
        println!("{difference}");
    }
    Ok(ExitCode::NotConformant)
}
