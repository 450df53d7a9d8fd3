//! The archive of a bundle: a plain ZIP whose every byte follows from the names and contents in it.
//! Not for archives of others: what this module would not have written itself is a problem here.

use crate::problem::{Part, Problem, Wrong};
use flate2::Crc;
use thiserror::Error;

/// What stands at the end of every bundle, as the comment of the archive.
const COMMENT: &[u8] = b"Plumbline evidence bundle";
/// Words near the beginning or the end of every bundle, by which one is known.
const MARK: &[u8] = b"Plumbline evidence bundle";
/// How far from either end the words are looked for, in bytes.
const MARK_WITHIN: usize = 4096;
/// How many files a bundle may hold.
const MOST_FILES: usize = 64;
/// How long a name may be, in bytes.
const LONGEST_NAME: usize = 100;
/// The largest archive that is read or written, in bytes.
pub const MOST_BYTES: usize = 1 << 30;

const LOCAL: &[u8] = b"PK\x03\x04";
/// Version needed to unpack, no flags, stored, midnight of 1 January 1980.
const PLAIN: [u8; 10] = [10, 0, 0, 0, 0, 0, 0, 0, 0x21, 0];
const LOCAL_BYTES: usize = 30;

/// A file of the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    /// Its name; folders are divided by `/`.
    pub name: &'a str,
    /// What it holds.
    pub data: &'a [u8],
}

/// What was read.
#[derive(Debug, Default)]
pub(crate) struct Container<'a> {
    /// The files, in order, as far as they could be read.
    pub entries: Vec<Entry<'a>>,
    /// What is not as it must be.
    pub problems: Vec<Problem>,
}

/// The archive cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ContainerError {
    /// It would be too large.
    #[error("the bundle would be larger than {} MiB", MOST_BYTES >> 20)]
    TooLarge,
}

/// Whether these bytes are, or once were, a bundle.
pub(crate) fn is_marked(bytes: &[u8]) -> bool {
    let holds = |part: &[u8]| part.windows(MARK.len()).any(|words| words == MARK);
    let near = bytes.len().min(MARK_WITHIN);
    bytes.starts_with(&LOCAL[..2]) && holds(&bytes[..near]) || holds(&bytes[bytes.len() - near..])
}

/// Whether a name may stand in a bundle: plain letters, and no way out of the folder.
fn is_plain(name: &[u8]) -> bool {
    let letters = |c: &u8| c.is_ascii_alphanumeric() || b"-_./".contains(c);
    let parts = || name.split(|c| *c == b'/');
    (1..=LONGEST_NAME).contains(&name.len())
        && name.iter().all(letters)
        && parts().all(|part| !part.is_empty() && !part.starts_with(b"."))
}

fn crc(data: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(data);
    crc.sum()
}

/// The shared part of both headers: from the version needed to the length of the name.
fn described(name: &[u8], crc: u32, bytes: u32) -> Vec<u8> {
    let mut out = PLAIN.to_vec();
    out.extend(crc.to_le_bytes());
    out.extend(bytes.to_le_bytes());
    out.extend(bytes.to_le_bytes());
    out.extend(short(name.len()));
    out.extend([0, 0]);
    out
}

/// A length of at most [`LONGEST_NAME`] or [`MOST_FILES`] in two bytes.
fn short(length: usize) -> [u8; 2] {
    u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes()
}

/// A length or place within [`MOST_BYTES`] in four bytes.
fn long(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn local(name: &[u8], crc: u32, bytes: u32) -> Vec<u8> {
    let mut out = LOCAL.to_vec();
    out.extend(described(name, crc, bytes));
    out.extend(name);
    out
}

/// The directory at the end: one line a file with its place, then where the directory itself is.
fn directory(files: &[(&str, u32, u32, usize)], start: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, crc, bytes, place) in files {
        out.extend(b"PK\x01\x02");
        // Made under Unix, version 3.0 of the format.
        out.extend([30, 3]);
        out.extend(described(name.as_bytes(), *crc, *bytes));
        // No comment, first disk, no internal attributes.
        out.extend([0; 6]);
        out.extend((0o100_644_u32 << 16).to_le_bytes());
        out.extend(long(*place).to_le_bytes());
        out.extend(name.as_bytes());
    }
    let length = out.len();
    out.extend(b"PK\x05\x06");
    out.extend([0; 4]);
    out.extend(short(files.len()));
    out.extend(short(files.len()));
    out.extend(long(length).to_le_bytes());
    out.extend(long(start).to_le_bytes());
    out.extend(short(COMMENT.len()));
    out.extend(COMMENT);
    out
}

/// Writes the archive. Nothing in it but names and contents, so the same files give the same bytes.
pub(crate) fn write(entries: &[(&str, &[u8])]) -> Result<Vec<u8>, ContainerError> {
    let total: usize = entries.iter().map(|(_, data)| data.len()).sum();
    if total > MOST_BYTES - (1 << 16) || entries.len() > MOST_FILES {
        return Err(ContainerError::TooLarge);
    }
    let mut out = Vec::with_capacity(total + 200 * (entries.len() + 1));
    let mut files = Vec::new();
    for (name, data) in entries {
        let (crc, bytes) = (crc(data), long(data.len()));
        files.push((*name, crc, bytes, out.len()));
        out.extend(local(name.as_bytes(), crc, bytes));
        out.extend(*data);
    }
    let end = directory(&files, out.len());
    out.extend(end);
    Ok(out)
}

/// Reads an archive of ours. Never fails: what is wrong is in the problems.
pub(crate) fn read(bytes: &[u8]) -> Container<'_> {
    let mut container = Container::default();
    let mut files = Vec::new();
    let mut at = 0;
    while bytes[at..].starts_with(LOCAL) {
        if files.len() == MOST_FILES {
            container.strange(at, "it holds more files than a bundle can");
            return container;
        }
        match container.entry(bytes, at) {
            Some((crc, entry, next)) => {
                files.push((entry.name, crc, long(entry.data.len()), at));
                at = next;
            }
            None => return container,
        }
    }
    let (found, expected) = (&bytes[at..], directory(&files, at));
    if found == expected {
        return container;
    }
    let same = found.iter().zip(&expected).take_while(|(a, b)| a == b);
    let same = same.count();
    if same == found.len() {
        container.cut_off(Part::Container, bytes.len());
    } else {
        let after = files.last().map_or("the beginning", |(name, ..)| name);
        let what = if same < 4 {
            format!(
                "no file and no directory begins there; the last file that was found is {after}"
            )
        } else {
            "the directory of its files is not the one that belongs to them".to_owned()
        };
        container.strange(at + same, &what);
    }
    container
}

impl<'a> Container<'a> {
    /// Reads the file whose header is at `at`; gives it with its stored check sum and what comes after it.
    fn entry(&mut self, bytes: &'a [u8], at: usize) -> Option<(u32, Entry<'a>, usize)> {
        let Some(header) = bytes.get(at..at + LOCAL_BYTES) else {
            self.cut_off(Part::Container, bytes.len());
            return None;
        };
        let word =
            |i: usize| u32::from_le_bytes([header[i], header[i + 1], header[i + 2], header[i + 3]]);
        let (sum, length) = (word(14), word(18));
        let name_bytes = usize::from(u16::from_le_bytes([header[26], header[27]]));
        let start = at + LOCAL_BYTES + name_bytes;
        let Some(name) = bytes.get(at + LOCAL_BYTES..start) else {
            self.cut_off(Part::Container, bytes.len());
            return None;
        };
        let plain = std::str::from_utf8(name)
            .ok()
            .filter(|n| is_plain(n.as_bytes()));
        let Some(name) = plain else {
            self.strange(at, "a file has a name that no file of a bundle has");
            return None;
        };
        if bytes[at..start] != local(name.as_bytes(), sum, length) {
            self.strange(
                at,
                &format!("the head of {name} is not as Plumbline writes it"),
            );
            return None;
        }
        if self.entries.iter().any(|entry| entry.name == name) {
            self.strange(at, &format!("{name} is there twice"));
            return None;
        }
        let end = usize::try_from(length)
            .ok()
            .and_then(|l| start.checked_add(l))?;
        let Some(data) = bytes.get(start..end) else {
            self.cut_off(Part::File(name.to_owned()), bytes.len());
            return None;
        };
        if crc(data) != sum {
            self.problems.push(Problem {
                part: Part::File(name.to_owned()),
                wrong: Wrong::Altered,
                detail: "its check sum in the archive is that of another content".to_owned(),
            });
        }
        let entry = Entry { name, data };
        self.entries.push(entry);
        Some((sum, entry, end))
    }

    fn strange(&mut self, at: usize, what: &str) {
        self.problems.push(Problem {
            part: Part::Container,
            wrong: Wrong::Altered,
            detail: format!("at byte {at}: {what}"),
        });
    }

    fn cut_off(&mut self, part: Part, length: usize) {
        self.problems.push(Problem {
            part,
            wrong: Wrong::Truncated,
            detail: format!("the bundle ends after {length} bytes, before its own end"),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{is_marked, read, write};
    use crate::problem::{Part, Wrong};

    fn sample() -> Vec<u8> {
        write(&[
            ("README.txt", b"Plumbline evidence bundle\n"),
            ("reports/report.json", b"{}"),
        ])
        .unwrap()
    }

    #[test]
    fn what_is_written_is_read_and_written_again() {
        let bytes = sample();
        let container = read(&bytes);
        assert_eq!(container.problems, Vec::new());
        let again: Vec<(&str, &[u8])> =
            container.entries.iter().map(|e| (e.name, e.data)).collect();
        assert_eq!(again[1], ("reports/report.json", b"{}".as_slice()));
        assert_eq!(write(&again).unwrap(), bytes);
        assert!(is_marked(&bytes));
    }

    #[test]
    fn every_single_byte_matters() {
        let bytes = sample();
        for at in 0..bytes.len() {
            for flip in [1, 0x20, 0x80] {
                let mut other = bytes.clone();
                other[at] ^= flip;
                assert!(!read(&other).problems.is_empty(), "byte {at} ^ {flip}");
                assert!(is_marked(&other), "byte {at} ^ {flip}");
            }
        }
        for length in 0..bytes.len() {
            let problems = read(&bytes[..length]).problems;
            assert!(!problems.is_empty(), "{length}");
        }
        let mut longer = bytes;
        longer.push(0);
        assert!(!read(&longer).problems.is_empty());
    }

    #[test]
    fn an_altered_content_is_named() {
        let mut bytes = sample();
        let at = bytes.windows(2).position(|w| w == b"{}").unwrap();
        bytes[at] = b'[';
        let problems = read(&bytes).problems;
        assert_eq!(problems[0].part, Part::File("reports/report.json".into()));
        assert_eq!(problems[0].wrong, Wrong::Altered);
    }

    #[test]
    fn names_that_lead_out_of_the_folder_and_names_that_come_twice_are_refused() {
        for name in [
            "../x", "/x", "a//b", "a/../b", "a\\b", "", ".hidden", "x y", "a/",
        ] {
            let bytes = write(&[(name, b"x".as_slice())]).unwrap();
            assert!(!read(&bytes).problems.is_empty(), "{name}");
        }
        let twice = write(&[("a", b"x".as_slice()), ("a", b"y".as_slice())]).unwrap();
        assert!(read(&twice).problems[0].detail.contains("twice"));
        let many: Vec<String> = (0..64).map(|n| format!("f{n}")).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|n| (n.as_str(), [].as_slice())).collect();
        assert_eq!(read(&write(&many).unwrap()).problems, Vec::new());
    }

    #[test]
    fn any_bytes_are_survived() {
        let mut state = 7_u64;
        for length in 0..600 {
            let noise: Vec<u8> = (0..length)
                .map(|_| {
                    state = state
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1);
                    state.to_be_bytes()[0]
                })
                .collect();
            let mut bytes = b"PK\x03\x04".to_vec();
            bytes.extend(noise);
            assert!(!read(&bytes).problems.is_empty());
        }
    }
}
