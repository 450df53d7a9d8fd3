//! A file for text that comes in pieces: the second net of redaction is drawn through each line on its way.
//! Not for deciding what may be stored: what comes here is redacted already.

use plumbline_redact::Policy;
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
    layout: Layout,
    net: Net<'p>,
    /// The line that is being made.
    line: Vec<u8>,
    /// Netted text that is still to be written.
    waiting: Vec<u8>,
}

/// What becomes of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// They are written as they come.
    AsItComes,
    /// Those of one pretty JSON object become one line.
    OneLineEach,
}

impl<'p> NettedFile<'p> {
    /// Begins the file anew.
    pub fn create(path: &Path, policy: &'p Policy) -> io::Result<Self> {
        Self::laid_out(path, policy, Layout::AsItComes)
    }

    pub(crate) fn laid_out(path: &Path, policy: &'p Policy, layout: Layout) -> io::Result<Self> {
        Ok(Self {
            out: File::create(path)?,
            layout,
            net: Net::new(policy),
            line: Vec::new(),
            waiting: Vec::with_capacity(2 * PORTION),
        })
    }

    /// Writes what still waits.
    pub fn finish(mut self) -> io::Result<()> {
        self.end_line()?;
        self.pass()
    }

    /// Adds text with no line break but at its end.
    #[inline]
    fn put(&mut self, piece: &[u8]) -> io::Result<()> {
        self.line.extend_from_slice(piece);
        if piece.last() == Some(&b'\n') {
            self.end_line()?;
        }
        Ok(())
    }

    fn end_line(&mut self) -> io::Result<()> {
        let line = match self.layout {
            Layout::AsItComes => self.line.as_slice(),
            // The end of an object is the only line that begins with its bracket.
            Layout::OneLineEach if self.line == b"}\n" => self.line.as_slice(),
            Layout::OneLineEach => self.line.trim_ascii(),
        };
        self.net.draw(line, &mut self.waiting)?;
        self.line.clear();
        if self.waiting.len() >= PORTION {
            self.pass()?;
        }
        Ok(())
    }

    fn pass(&mut self) -> io::Result<()> {
        self.out.write_all(&self.waiting)?;
        self.waiting.clear();
        Ok(())
    }
}

impl Write for NettedFile<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        bytes
            .split_inclusive(|byte| *byte == b'\n')
            .try_for_each(|piece| self.put(piece))
    }

    /// Does nothing: half a line cannot be netted.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The same for what `serde_json` writes: very small pieces, of which a line break ends its own.
pub(crate) struct JsonPieces<'f, 'p>(pub &'f mut NettedFile<'p>);

impl Write for JsonPieces<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.put(bytes)?;
        Ok(bytes.len())
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.put(bytes)
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

    /// Adds a line as it may be written.
    fn draw(&mut self, line: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
        if self.clean.contains(line) {
            out.extend_from_slice(line);
            return Ok(());
        }
        let text = std::str::from_utf8(line).map_err(io::Error::other)?;
        let netted = self.policy.second_net(text);
        if netted == text {
            self.remember(line);
        }
        out.extend_from_slice(netted.as_bytes());
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
        for byte in rest {
            self.mix(u64::from(*byte));
        }
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
