//! Turns byte offsets into lines and columns without reading the body again for each.

/// A place as a person counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

const START: Position = Position { line: 1, column: 1 };
const STRIDE: usize = 1024;

/// The position at every 1024th byte, so that a minified body costs no more than a pretty one.
#[derive(Debug)]
pub(crate) struct LineIndex(Vec<Position>);

impl LineIndex {
    pub(crate) fn new(source: &[u8]) -> Self {
        let mut at = START;
        let mut checkpoints = vec![at];
        for chunk in source.chunks_exact(STRIDE) {
            at = advance(at, chunk);
            checkpoints.push(at);
        }
        Self(checkpoints)
    }

    pub(crate) fn position(&self, source: &[u8], offset: usize) -> Position {
        let offset = offset.min(source.len());
        let checkpoint = (offset / STRIDE).min(self.0.len().saturating_sub(1));
        let from = self.0.get(checkpoint).copied().unwrap_or(START);
        advance(from, &source[checkpoint * STRIDE..offset])
    }
}

/// The position after `bytes`; bytes that continue a character do not count.
pub(crate) fn advance(mut at: Position, bytes: &[u8]) -> Position {
    for byte in bytes {
        if *byte == b'\n' {
            at.line = at.line.saturating_add(1);
            at.column = 1;
        } else if byte & 0b1100_0000 != 0b1000_0000 {
            at.column = at.column.saturating_add(1);
        }
    }
    at
}

pub(crate) fn position_in(source: &[u8], offset: usize) -> Position {
    advance(START, &source[..offset.min(source.len())])
}
