//! [`add`]: fetches packages, and what they depend on, into the cache, and pins them. Not for reading definitions.

use crate::bounds::Bounds;
use crate::cache::{Cache, of_archive};
use crate::error::PackageError;
use crate::lock::{Lock, Pin};
use crate::manifest::is_base;
use crate::name::{PackageId, Wanted};
use crate::registry::{Offer, Registry};
use crate::release;
use std::collections::{BTreeSet, VecDeque};

/// Versions that no registry gives: they change from day to day.
const UNSTABLE: [&str; 2] = ["current", "dev"];

/// How a package came to be in the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// It was fetched, and checked against this fingerprint of the registry, if that gave one.
    Fetched(Option<&'static str>),
    /// It was there already; nothing was fetched.
    Present,
}

/// A package that is in the cache now, and pinned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// Which.
    pub package: PackageId,
    /// The package that depends on it, if it was not asked for.
    pub wanted_by: Option<PackageId>,
    /// How it came.
    pub arrival: Arrival,
    /// SHA-256 of what it holds.
    pub sha256: String,
}

/// Fetches what is not in the cache yet, pins it in `lock`, and hands each package to `tell`. The base specification is
/// inside Plumbline and not fetched as a dependency. On an error what was pinned so far stays so.
pub async fn add(
    registry: &Registry,
    cache: &Cache,
    lock: &mut Lock,
    wanted: &[Wanted],
    bounds: Bounds,
    mut tell: impl FnMut(&Added),
) -> Result<(), PackageError> {
    let mut waiting: VecDeque<(Wanted, Option<PackageId>)> =
        wanted.iter().map(|it| (it.clone(), None)).collect();
    let mut done = BTreeSet::new();
    while let Some((wanted, by)) = waiting.pop_front() {
        let id = if let Some(id) = chosen(cache, lock, &wanted)? {
            id
        } else {
            let offer = registry.offer(&wanted.name).await?;
            choose(registry, &offer, &wanted)?
        };
        if !done.insert(id.clone()) {
            continue;
        }
        if done.len() > bounds.max_packages {
            let problem = format!(
                "more than {} packages depend on one another",
                bounds.max_packages
            );
            let fix = "Fetch the packages that are needed one by one.";
            return Err(PackageError::new(id.to_string(), problem, fix));
        }
        let added = one(registry, cache, lock, id, by, bounds).await?;
        tell(&added);
        for (name, version) in cache.manifest(&added.package)?.dependencies {
            if is_base(&name) {
                continue;
            }
            let wanted = Wanted::parse(&format!("{name}@{version}"))?;
            waiting.push_back((wanted, Some(added.package.clone())));
        }
    }
    Ok(())
}

/// A whole version that is in the cache, and a pinned one that fits a pattern, need no registry to choose.
fn chosen(cache: &Cache, lock: &Lock, wanted: &Wanted) -> Result<Option<PackageId>, PackageError> {
    let Some(version) = &wanted.version else {
        return Ok(None);
    };
    let found = cache.find(wanted)?.filter(|id| id.version == *version);
    Ok(found.or_else(|| lock.fitting(&wanted.name, version)))
}

/// The version that is wanted, out of those on offer.
fn choose(registry: &Registry, offer: &Offer, wanted: &Wanted) -> Result<PackageId, PackageError> {
    let all = offer.versions.keys().map(String::as_str);
    let version = match &wanted.version {
        Some(version) => release::fitting(version, all.clone()),
        None => match &offer.latest {
            Some(latest) if offer.versions.contains_key(latest) => Some(latest.as_str()),
            _ => release::newest(all.clone()),
        },
    };
    if let Some(id) = version.and_then(|version| PackageId::new(&wanted.name, version)) {
        return Ok(id);
    }
    let place = wanted.to_string();
    if wanted
        .version
        .as_deref()
        .is_some_and(|it| UNSTABLE.contains(&it))
    {
        let problem =
            "this version changes from day to day, so no registry has it and it cannot be pinned";
        let fix = "Choose a published version.";
        return Err(PackageError::new(place, problem, fix));
    }
    let mut known: Vec<release::Release<'_>> = all.map(release::Release::new).collect();
    known.sort_by(|a, b| b.cmp(a));
    let known: Vec<&str> = known.iter().take(10).map(release::Release::text).collect();
    let problem = format!("{} has no such version", registry.address());
    let fix = if known.is_empty() {
        "The registry lists no version of it.".to_owned()
    } else {
        format!("The newest are {}.", known.join(", "))
    };
    Err(PackageError::new(place, problem, fix))
}

/// Fetches one package unless it is there, and pins it.
async fn one(
    registry: &Registry,
    cache: &Cache,
    lock: &mut Lock,
    id: PackageId,
    by: Option<PackageId>,
    bounds: Bounds,
) -> Result<Added, PackageError> {
    if cache.path(&id).exists() {
        let sha256 = cache.fingerprint(&id, bounds)?;
        let pin = Pin {
            sha256: sha256.clone(),
            archive: None,
            source: "cache".to_owned(),
        };
        lock.insert(id.clone(), pin)?;
        return Ok(Added {
            package: id,
            wanted_by: by,
            arrival: Arrival::Present,
            sha256,
        });
    }
    let offer = registry.offer(&id.name).await?;
    let place = format!("{}/{}", registry.address(), id.name);
    let Some(dist) = offer.versions.get(&id.version) else {
        let problem = format!("the registry does not list version {} any more", id.version);
        return Err(PackageError::new(place, problem, "Choose another version."));
    };
    let (packed, checked) = registry.archive(&id.to_string(), dist).await?;
    let archive = of_archive(&packed);
    if let Some(pin) = lock.pin(&id)
        && let Some(pinned) = &pin.archive
        && *pinned != archive
    {
        let problem = format!(
            "the registry gives another archive than the lock pins: SHA-256 {archive}, pinned {pinned}"
        );
        let fix = "Find out why it changed. If it is right, take its lines out of the lock, and add it again.";
        return Err(PackageError::new(id.to_string(), problem, fix));
    }
    // The lock is asked before anything can be found in the cache.
    let sha256 = cache.store(&id, &packed, bounds, |sha256| {
        lock.insert(
            id.clone(),
            Pin {
                sha256: sha256.to_owned(),
                archive: Some(archive.clone()),
                source: registry.address().to_owned(),
            },
        )
    })?;
    Ok(Added {
        package: id,
        wanted_by: by,
        arrival: Arrival::Fetched(checked),
        sha256,
    })
}
