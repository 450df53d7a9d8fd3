//! A file for text that comes in pieces: the second net of redaction is drawn through each line on its way.
//! Not for deciding what may be stored: what comes here is redacted already.

use crate::pretty::{Layout, Pretty};
use plumbline_redact::Policy;
use serde_json::Serializer;
use std::collections::HashSet;
use std::fs::File;
use std::hash::{BuildHasherDefault, Hasher};
use std::io::{self, Write};
use std::path::Path;

/// Netted lines are written together once they come to this many bytes.
const PORTION: usize = 16 * 1024;
/// How many bytes of lines are remembered: few enough to stay in the cache of a processor.
const MOST_BYTES: usize = 1 << 18;

/// Such a file. Nothing that the net looks for may go over the end of a line. Never more than a portion and one
/// line of the text is in memory; without [`NettedFile::finish`] the end of the file is missing.
pub struct NettedFile<'p> {
    out: File,
    net: Net<'p>,
    /// Text that is still to be written.
    text: Vec<u8>,
    /// Where the line begins that is being made; all before it is netted.
    line: usize,
}

impl<'p> NettedFile<'p> {
    /// Begins the file anew.
    pub fn create(path: &Path, policy: &'p Policy) -> io::Result<Self> {
        Ok(Self {
            out: File::create(path)?,
            net: Net::new(policy),
            text: Vec::with_capacity(2 * PORTION),
            line: 0,
        })
    }

    /// Writes what still waits.
    pub fn finish(mut self) -> io::Result<()> {
        self.end_line()?;
        self.pass()
    }

    fn end_line(&mut self) -> io::Result<()> {
        self.net.draw(&mut self.text, self.line)?;
        self.line = self.text.len();
        if self.line >= PORTION {
            self.pass()?;
        }
        Ok(())
    }

    fn pass(&mut self) -> io::Result<()> {
        self.out.write_all(&self.text)?;
        self.text.clear();
        self.line = 0;
        Ok(())
    }
}

impl Write for NettedFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.text.extend_from_slice(piece);
            if piece.last() == Some(&b'\n') {
                self.end_line()?;
            }
        }
        Ok(())
    }

    /// Does nothing: half a line cannot be netted.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The same for what `serde_json` writes: very small pieces, of which a line break ends its own.
pub(crate) struct JsonPieces<'f, 'p> {
    file: &'f mut NettedFile<'p>,
    layout: Layout,
}

impl<'f, 'p> JsonPieces<'f, 'p> {
    /// A serializer that writes to a file.
    pub(crate) fn serializer(
        file: &'f mut NettedFile<'p>,
        layout: Layout,
    ) -> Serializer<Self, Pretty> {
        Serializer::with_formatter(Self { file, layout }, Pretty::new(layout))
    }

    #[inline]
    fn put(&mut self, piece: &[u8]) -> io::Result<()> {
        let text = &mut self.file.text;
        let Some((b'\n', before)) = piece.split_last() else {
            text.extend_from_slice(piece);
            return Ok(());
        };
        text.extend_from_slice(match self.layout {
            Layout::Indented => piece,
            Layout::Joined => before,
        });
        self.file.end_line()
    }
}

impl Write for JsonPieces<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.put(bytes)?;
        Ok(bytes.len())
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.put(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The second net, which remembers lines in which it has found nothing: steps, headers and often
/// whole bodies come again and again.
struct Net<'p> {
    policy: &'p Policy,
    clean: HashSet<Box<[u8]>, BuildHasherDefault<ByWords>>,
    bytes: usize,
}

impl<'p> Net<'p> {
    fn new(policy: &'p Policy) -> Self {
        let clean = HashSet::default();
        let bytes = 0;
        Self {
            policy,
            clean,
            bytes,
        }
    }

    /// Puts what may be written of the line at the end of `text` in its place.
    fn draw(&mut self, text: &mut Vec<u8>, start: usize) -> io::Result<()> {
        let line = text.get(start..).unwrap_or_default();
        if self.clean.contains(line) {
            return Ok(());
        }
        let words = std::str::from_utf8(line).map_err(io::Error::other)?;
        let netted = self.policy.second_net(words);
        if netted == words {
            self.remember(line);
        } else {
            text.truncate(start);
            text.extend_from_slice(netted.as_bytes());
        }
        Ok(())
    }

    fn remember(&mut self, line: &[u8]) {
        if self.bytes + line.len() > MOST_BYTES {
            self.clean.clear();
            self.bytes = 0;
        }
        if line.len() <= MOST_BYTES {
            self.bytes += line.len();
            self.clean.insert(line.into());
        }
    }
}

/// Hashes eight bytes at a time, as `FxHash` does, for tables of bounded size or of our own keys: a
/// target that makes two keys with one hash costs time and nothing else.
#[derive(Default)]
pub(crate) struct ByWords(u64);

impl ByWords {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for ByWords {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        let half = |half: Option<&[u8; 4]>| half.map(|half| u32::from_le_bytes(*half));
        match (half(rest.first_chunk()), half(rest.last_chunk())) {
            // They have bytes in common, or none but all of the rest.
            (Some(first), Some(last)) => self.mix(u64::from(first) << 32 | u64::from(last)),
            _ => rest.iter().for_each(|byte| self.mix(u64::from(*byte))),
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.mix(u64::from(byte));
    }

    fn write_usize(&mut self, number: usize) {
        self.mix(number as u64);
    }

    fn finish(&self) -> u64 {
        // The lowest bits, which choose the place in the table, depend on nothing but lowest bits.
        self.0 ^ (self.0 >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plumbline_model::Environment;

    fn written(pieces: &[&str]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("text");
        let policy =
            Policy::new(Environment::Live, Vec::new()).with_secrets(vec!["hunter22".to_owned()]);
        let mut file = NettedFile::create(&path, &policy).unwrap();
        for piece in pieces {
            file.write_all(piece.as_bytes()).unwrap();
        }
        file.finish().unwrap();
        std::fs::read_to_string(path).unwrap()
    }

    #[test]
    fn a_secret_in_pieces_is_found_and_the_last_line_needs_no_end() {
        assert_eq!(
            written(&["a hun", "ter2", "2 b\nc hunter", "22"]),
            "a {secret} b\nc {secret}"
        );
        assert_eq!(written(&[]), "");
    }

    #[test]
    fn long_texts_come_out_whole() {
        let line = format!("{}\n", "word ".repeat(999));
        let long = line.repeat(20);
        let pieces: Vec<&str> = long.split_inclusive(' ').collect();
        assert_eq!(written(&pieces), long);
        assert_eq!(
            written(&[&long, "hunter22\n", &long]),
            format!("{long}{{secret}}\n{long}")
        );
    }
}
