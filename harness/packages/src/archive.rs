//! Reads a `.tgz` file by file, within bounds, and takes nothing over but regular files with harmless names.
//! Not for what is in the files.

use crate::bounds::{Bounds, Budget};
use crate::error::PackageError;
use flate2::read::MultiGzDecoder;
use std::collections::BTreeSet;
use std::io::{self, Read};
use tar::{Archive, EntryType};

/// What a gzip file begins with.
pub(crate) const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// What to do with an archive that cannot be read.
const FETCH_AGAIN: &str = "Fetch or pack it again.";

/// Hands over path and bytes of every regular file, in the order of the archive. Gives the number of entries that were
/// passed over: links, devices and the like.
pub(crate) fn each_file(
    place: &str,
    packed: impl Read,
    bounds: Bounds,
    mut take: impl FnMut(&str, Vec<u8>) -> Result<(), PackageError>,
) -> Result<usize, PackageError> {
    let broken = |problem: String| PackageError::new(place, problem, FETCH_AGAIN);
    // Headers and padding come on top of the files; what the archive says of its own lengths is not believed.
    let most = bounds.max_bytes + (bounds.max_files as u64 + 16) * 2048;
    let unpacked = Unpacked {
        inner: MultiGzDecoder::new(packed),
        left: most,
    };
    let mut archive = Archive::new(unpacked);
    let mut budget = Budget::new(bounds);
    let mut seen = BTreeSet::new();
    let mut passed_over = 0;
    let entries = archive.entries();
    let entries =
        entries.map_err(|error| broken(format!("this is no archive that can be read: {error}")))?;
    for entry in entries {
        let mut entry = entry.map_err(|error| broken(format!("the archive is broken: {error}")))?;
        match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous => {}
            EntryType::Directory | EntryType::XGlobalHeader => continue,
            _ => {
                passed_over += 1;
                continue;
            }
        }
        let path = harmless(&entry.path_bytes()).map_err(&broken)?;
        let inner = format!("{place}: {path}");
        let too_much = |problem: String| {
            let fix = "Leave out what is no definition, or divide it.";
            PackageError::new(inner.clone(), problem, fix)
        };
        budget.take(entry.size()).map_err(too_much)?;
        if !seen.insert(path.clone()) {
            return Err(broken(format!("the archive holds {path} twice")));
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(|error| {
            PackageError::new(
                &inner,
                format!("the archive is broken: {error}"),
                FETCH_AGAIN,
            )
        })?;
        take(&path, bytes)?;
    }
    Ok(passed_over)
}

/// The path with `/`, relative and without a way out.
fn harmless(path: &[u8]) -> Result<String, String> {
    let text = str::from_utf8(path).map_err(|_| "a name in the archive is not UTF-8".to_owned())?;
    let escapes = || {
        let shown: String = text
            .chars()
            .filter(|it| !it.is_control())
            .take(80)
            .collect();
        format!("the archive holds a file that would stand outside of its folder: {shown}")
    };
    if text.starts_with('/') || text.contains(['\\', ':', '\0']) {
        return Err(escapes());
    }
    let mut parts = Vec::new();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." => return Err(escapes()),
            _ if part.chars().any(char::is_control) => {
                return Err("a name in the archive holds a control character".to_owned());
            }
            part => parts.push(part),
        }
    }
    Ok(parts.join("/"))
}

/// Unpacks up to a limit.
struct Unpacked<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => return Err(io::Error::other("it unpacks to more than is read")),
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::tests::packed;

    fn names(bytes: &[u8], bounds: Bounds) -> Result<(Vec<String>, usize), PackageError> {
        let mut names = Vec::new();
        let passed_over = each_file("a.tgz", bytes, bounds, |path, _| {
            names.push(path.to_owned());
            Ok(())
        })?;
        Ok((names, passed_over))
    }

    #[test]
    fn files_come_with_their_names() {
        let archive = packed(&[("package/a.json", b"1"), ("./package/b/c.json", b"2")]);
        let (names, passed_over) = names(&archive, Bounds::default()).unwrap();
        assert_eq!(names, ["package/a.json", "package/b/c.json"]);
        assert_eq!(passed_over, 0);
    }

    #[test]
    fn links_are_passed_over() {
        let mut builder = tar::Builder::new(Vec::new());
        for kind in [EntryType::Symlink, EntryType::Link] {
            let mut header = tar::Header::new_ustar();
            header.set_entry_type(kind);
            header.set_size(0);
            builder
                .append_link(&mut header, "package/x.json", "/etc/hostname")
                .unwrap();
        }
        let archive = crate::definition::tests::zipped(&builder.into_inner().unwrap());
        assert_eq!(names(&archive, Bounds::default()).unwrap(), (vec![], 2));
    }

    #[test]
    fn no_file_stands_outside() {
        for name in [
            "../a.json",
            "/a.json",
            "package/../../a",
            "c:\\a",
            "package\\..\\a",
        ] {
            let archive = packed(&[(name, b"1")]);
            let error = names(&archive, Bounds::default()).unwrap_err();
            assert!(error.problem.contains("outside"), "{name}: {error}");
        }
    }

    #[test]
    fn bounds_hold() {
        let small = Bounds {
            max_files: 2,
            max_bytes: 100,
            max_file_bytes: 60,
            ..Bounds::default()
        };
        let many = packed(&[("a", b""), ("b", b""), ("c", b"")]);
        assert!(names(&many, small).unwrap_err().problem.contains("2 files"));
        let large = packed(&[("a", &[0; 61])]);
        assert!(
            names(&large, small)
                .unwrap_err()
                .problem
                .contains("this file")
        );
        let all = packed(&[("a", &[0; 60]), ("b", &[0; 60])]);
        assert!(names(&all, small).unwrap_err().problem.contains("together"));
        let bomb = crate::definition::tests::zipped(&vec![0; 1 << 20]);
        // Blocks of zeros end an archive, so that nothing is read beyond them.
        assert_eq!(names(&bomb, small).unwrap().0.len(), 0);
    }

    #[test]
    fn what_is_broken_is_told() {
        let archive = packed(&[("package/a.json", &[b'a'; 5000])]);
        for bytes in [
            &b"no gzip at all"[..],
            &archive[..archive.len() / 2],
            &MAGIC[..],
        ] {
            let error = names(bytes, Bounds::default()).unwrap_err();
            assert_eq!(error.place.split(':').next(), Some("a.tgz"), "{error}");
        }
        let twice = packed(&[("a", b"1"), ("./a", b"2")]);
        let error = names(&twice, Bounds::default()).unwrap_err();
        assert!(error.problem.contains("twice"), "{error}");
    }
}
