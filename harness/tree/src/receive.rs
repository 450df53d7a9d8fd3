//! What every body goes through before it is read as JSON or XML: its size and its encoding.
//! Not for what it says.

use crate::arena::NONE;
use crate::error::{Encoding, ParseError, ParseErrorKind};
use crate::kind::{Anomaly, AnomalyKind};
use crate::limits::Limits;
use crate::position::position_in;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The body as text, if its size and encoding allow.
pub(crate) fn text(bytes: Vec<u8>, limits: &Limits) -> Result<String, ParseError> {
    // Offsets are kept in 32 bits, the highest two of which have a meaning of their own.
    let longest = limits.max_bytes.min(NONE as usize - 2);
    if bytes.len() > longest {
        return Err(error_at(&bytes, ParseErrorKind::TooLarge, longest));
    }
    if let Some(kind) = foreign(&bytes) {
        return Err(error_at(&bytes, kind, 0));
    }
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        error_at(error.as_bytes(), ParseErrorKind::InvalidUtf8, offset)
    })
}

/// Tells other encodings and archives by their first bytes.
fn foreign(bytes: &[u8]) -> Option<ParseErrorKind> {
    use Encoding::{Utf16BigEndian, Utf16LittleEndian, Utf32};
    let encoding = match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => Utf32,
        [0, 0, 0, first, ..] | [first, 0, 0, 0, ..] if opens(*first) => Utf32,
        [0xff, 0xfe, ..] => Utf16LittleEndian,
        [0xfe, 0xff, ..] => Utf16BigEndian,
        [first, 0, _, 0, ..] if opens(*first) => Utf16LittleEndian,
        [0, first, 0, _, ..] if opens(*first) => Utf16BigEndian,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => return Some(ParseErrorKind::ZipArchive),
        [0x1f, 0x8b, ..] => return Some(ParseErrorKind::Gzip),
        _ => return None,
    };
    Some(ParseErrorKind::ForeignEncoding(encoding))
}

/// Whether JSON or XML can begin with that character.
const fn opens(byte: u8) -> bool {
    matches!(
        byte,
        b'{' | b'[' | b'"' | b'<' | b' ' | b'\t' | b'\r' | b'\n'
    )
}

/// How long the byte-order mark is, and the note of it.
pub(crate) fn byte_order_mark(source: &str) -> Option<(usize, Anomaly)> {
    source.starts_with(BYTE_ORDER_MARK).then_some((
        BYTE_ORDER_MARK.len(),
        Anomaly {
            kind: AnomalyKind::ByteOrderMark,
            offset: 0,
        },
    ))
}

pub(crate) fn error_at(source: &[u8], kind: ParseErrorKind, offset: usize) -> ParseError {
    let position = position_in(source, offset);
    ParseError {
        kind,
        offset,
        line: position.line,
        column: position.column,
    }
}
