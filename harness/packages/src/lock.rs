//! [`Lock`]: the file that pins packages: name, version, fingerprints and source. Not for fetching them.

use crate::bounds::Bounds;
use crate::cache::Cache;
use crate::error::PackageError;
use crate::manifest::is_base;
use crate::name::PackageId;
use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;

/// The first line that is no comment.
const FORMAT: &str = "format 1";
/// What to do about a line that is wrong.
const FIX: &str = "Correct the line, or let `plumbline packages lock` write the file anew.";

/// What is pinned of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// SHA-256 of what it holds, packed or not.
    pub sha256: String,
    /// SHA-256 of the archive, if it was fetched as one.
    pub archive: Option<String>,
    /// The address that it came from; `cache` if it was found there.
    pub source: String,
}

/// Packages with their fingerprints, by name and version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    pins: BTreeMap<PackageId, Pin>,
}

/// How a cache differs from a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// It is pinned, and not in the cache.
    Absent(PackageId),
    /// What it holds is not what was pinned.
    Changed {
        /// The package.
        package: PackageId,
        /// The fingerprint in the lock.
        pinned: String,
        /// The fingerprint of what is in the cache.
        found: String,
    },
    /// A pinned package depends on it, and it is not pinned.
    NotPinned {
        /// The package that depends on it.
        package: PackageId,
        /// What it depends on.
        wanted: String,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent(package) => write!(f, "{package} is pinned, and not in the cache"),
            Self::Changed {
                package,
                pinned,
                found,
            } => write!(
                f,
                "{package} holds something else than was pinned: SHA-256 {found}, pinned {pinned}"
            ),
            Self::NotPinned { package, wanted } => {
                write!(f, "{package} depends on {wanted}, which is not pinned")
            }
        }
    }
}

impl Lock {
    /// Reads the text of a lock. `place` is the file, for messages.
    pub fn read(place: &str, text: &str) -> Result<Self, PackageError> {
        let mut reader = Reader::default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (at, line) in text.lines().enumerate() {
            let wrong = |problem| PackageError::new(format!("{place}:{}", at + 1), problem, FIX);
            reader.line(line.trim()).map_err(wrong)?;
        }
        let end = |problem| PackageError::new(place, problem, FIX);
        reader.finish().map_err(end)
    }

    /// The text, the same for the same pins.
    pub fn to_text(&self) -> String {
        let mut text = String::from(
            "# Packages that this project is validated with, written by `plumbline packages`. Keep it with the project.\n",
        );
        text.push_str(FORMAT);
        text.push('\n');
        for (id, pin) in &self.pins {
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "\npackage {} {}\n  sha256 {}\n",
                id.name, id.version, pin.sha256
            );
            if let Some(archive) = &pin.archive {
                let _ = writeln!(text, "  archive {archive}");
            }
            let _ = writeln!(text, "  source {}", pin.source);
        }
        text
    }

    /// What is pinned of a package.
    pub fn pin(&self, id: &PackageId) -> Option<&Pin> {
        self.pins.get(id)
    }

    /// Every pin, by name and version.
    pub fn pins(&self) -> impl Iterator<Item = (&PackageId, &Pin)> {
        self.pins.iter()
    }

    /// Pins a package. One that is pinned with another fingerprint is refused.
    pub fn insert(&mut self, id: PackageId, pin: Pin) -> Result<(), PackageError> {
        match self.pins.get_mut(&id) {
            Some(old) if old.sha256 != pin.sha256 => Err(changed(&id, &old.sha256, &pin.sha256)),
            Some(old) => {
                // What came from a registry says more than what was found in the cache.
                if old.archive.is_none() {
                    *old = pin;
                }
                Ok(())
            }
            None => {
                self.pins.insert(id, pin);
                Ok(())
            }
        }
    }

    /// Refuses a package that is pinned with another fingerprint. Whether it is pinned.
    pub(crate) fn check(&self, id: &PackageId, sha256: &str) -> Result<bool, PackageError> {
        match self.pins.get(id) {
            Some(pin) if pin.sha256 != sha256 => Err(changed(id, &pin.sha256, sha256)),
            Some(_) => Ok(true),
            None => Ok(false),
        }
    }

    /// How the cache differs from the pins, by name and version.
    pub fn differences(
        &self,
        cache: &Cache,
        bounds: Bounds,
    ) -> Result<Vec<Difference>, PackageError> {
        let mut all = Vec::new();
        for (id, pin) in &self.pins {
            if !cache.path(id).is_dir() {
                all.push(Difference::Absent(id.clone()));
                continue;
            }
            let found = cache.fingerprint(id, bounds)?;
            if found != pin.sha256 {
                all.push(Difference::Changed {
                    package: id.clone(),
                    pinned: pin.sha256.clone(),
                    found,
                });
                continue;
            }
            for (name, version) in cache.manifest(id)?.dependencies {
                if !is_base(&name) && self.fitting(&name, &version).is_none() {
                    all.push(Difference::NotPinned {
                        package: id.clone(),
                        wanted: format!("{name}@{version}"),
                    });
                }
            }
        }
        Ok(all)
    }

    /// The pinned version of a package that a version or pattern fits.
    pub(crate) fn fitting(&self, name: &str, version: &str) -> Option<PackageId> {
        let versions = self.pins.keys().filter(|it| it.name == name);
        let versions = versions.map(|it| it.version.as_str());
        PackageId::new(name, crate::release::fitting(version, versions)?)
    }
}

fn changed(id: &PackageId, pinned: &str, found: &str) -> PackageError {
    PackageError::new(
        id.to_string(),
        format!("it holds something else than the lock pins: SHA-256 {found}, pinned {pinned}"),
        "Find out why it changed. If it is right, take its lines out of the lock, and add it again.",
    )
}

/// A lock while it is read.
#[derive(Default)]
struct Reader {
    has_format: bool,
    lock: Lock,
    open: Option<Block>,
}

struct Block {
    id: PackageId,
    sha256: Option<String>,
    archive: Option<String>,
    source: Option<String>,
}

impl Reader {
    fn line(&mut self, line: &str) -> Result<(), String> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if !self.has_format {
            self.has_format = line == FORMAT;
            return if self.has_format {
                Ok(())
            } else {
                Err(format!("the first line is not `{FORMAT}`"))
            };
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        if word == "package" {
            self.close()?;
            let (name, version) = rest.split_once(' ').unwrap_or((rest, ""));
            let id = PackageId::new(name, version.trim())
                .ok_or_else(|| "this is no name and version of a package".to_owned())?;
            if self.lock.pins.contains_key(&id) {
                return Err(format!("{id} is pinned twice"));
            }
            self.open = Some(Block {
                id,
                sha256: None,
                archive: None,
                source: None,
            });
            return Ok(());
        }
        let Some(block) = &mut self.open else {
            return Err(format!("`{word}` stands before the first package"));
        };
        let field = match word {
            "sha256" => &mut block.sha256,
            "archive" => &mut block.archive,
            "source" => &mut block.source,
            _ => return Err(format!("`{word}` means nothing here")),
        };
        let is_hash = word == "source" || is_sha256(rest);
        if !is_hash || rest.is_empty() {
            return Err(format!("`{word}` has no right value"));
        }
        if field.replace(rest.to_owned()).is_some() {
            return Err(format!("`{word}` stands twice"));
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), String> {
        let Some(block) = self.open.take() else {
            return Ok(());
        };
        let (Some(sha256), Some(source)) = (block.sha256, block.source) else {
            return Err(format!("{} has no sha256 or no source", block.id));
        };
        let archive = block.archive;
        self.lock.pins.insert(
            block.id,
            Pin {
                sha256,
                archive,
                source,
            },
        );
        Ok(())
    }

    fn finish(mut self) -> Result<Lock, String> {
        self.close()?;
        if self.has_format {
            Ok(self.lock)
        } else {
            Err(format!("the first line is not `{FORMAT}`"))
        }
    }
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pin(digit: char, archive: Option<char>) -> Pin {
        let hash = |digit: char| digit.to_string().repeat(64);
        Pin {
            sha256: hash(digit),
            archive: archive.map(hash),
            source: "https://registry.example".to_owned(),
        }
    }

    fn id(name: &str) -> PackageId {
        PackageId::new(name, "1.0.0").unwrap()
    }

    #[test]
    fn the_text_is_sorted_and_read_back() {
        let mut lock = Lock::default();
        lock.insert(id("b"), pin('b', None)).unwrap();
        lock.insert(id("a"), pin('a', Some('c'))).unwrap();
        let text = lock.to_text();
        assert!(text.find("package a").unwrap() < text.find("package b").unwrap());
        assert_eq!(Lock::read("x.lock", &text).unwrap(), lock);
        assert_eq!(Lock::read("x.lock", &text).unwrap().to_text(), text);
    }

    #[test]
    fn another_fingerprint_is_refused() {
        let mut lock = Lock::default();
        lock.insert(id("a"), pin('a', None)).unwrap();
        let error = lock.insert(id("a"), pin('b', None)).unwrap_err();
        assert!(error.problem.contains("something else"), "{error}");
        assert!(lock.check(&id("a"), &"b".repeat(64)).is_err());
        assert_eq!(lock.check(&id("a"), &"a".repeat(64)), Ok(true));
        assert_eq!(lock.check(&id("z"), &"a".repeat(64)), Ok(false));
    }

    #[test]
    fn wrong_lines_are_placed() {
        let hash = "a".repeat(64);
        let read = |text: &str| Lock::read("x.lock", text).unwrap_err().to_string();
        assert_eq!(read(""), "x.lock: the first line is not `format 1`");
        assert!(read("format 2").starts_with("x.lock:1: "));
        for (lines, problem) in [
            ("sha256 x", "before the first package"),
            ("package a", "no name and version"),
            ("package a 1\nsha256 A", "no right value"),
            ("package a 1\nnonsense 1", "means nothing"),
            ("package a 1", "no sha256"),
            (
                &format!("package a 1\nsha256 {hash}\nsha256 {hash}"),
                "twice",
            ),
            (
                &format!("package a 1\nsha256 {hash}\nsource x\npackage a 1"),
                "pinned twice",
            ),
        ] {
            let error = read(&format!("format 1\n{lines}"));
            assert!(error.contains(problem), "{lines}: {error}");
        }
    }
}
