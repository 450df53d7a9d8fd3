//! Reads JSON: one pass, no recursion, an explicit stack of open containers.
//! Not for XML, nor for size and encoding of a body.

use crate::arena::{Arena, NONE, Raw, flag, small};
use crate::error::ParseErrorKind as Problem;
use crate::kind::{Anomaly, AnomalyKind, Form};
use crate::limits::Limits;
use crate::receive::byte_order_mark;
use std::collections::HashSet;

/// Objects with more members than this look for duplicate names by hashing.
const SMALL_OBJECT: u32 = 12;

/// The values of a body, or what was wrong at which byte.
pub(crate) fn read(source: &str, limits: &Limits) -> Result<Arena, (Problem, usize)> {
    let mut reader = Reader::new(source, limits);
    reader.arena.reserve(source, limits.max_nodes, |byte, _| {
        u8::from(matches!(byte, b',' | b'[' | b'{'))
    });
    match reader.body() {
        Ok(()) => {
            reader.arena.finish();
            Ok(reader.arena)
        }
        Err(problem) => Err((problem, reader.at)),
    }
}

/// Whether the whole text is one number of JSON.
pub(crate) fn is_number(text: &str) -> bool {
    let mut reader = Reader::new(text, &Limits::default());
    reader.number().is_ok() && reader.at == text.len()
}

#[derive(Clone, Copy)]
struct Open {
    id: u32,
    object: bool,
    last: u32,
    count: u32,
}

#[derive(Clone, Copy, Default)]
struct Key {
    start: u32,
    len: u32,
    /// Range in `unescaped`, if the name has escapes.
    escaped: Option<(u32, u32)>,
}

struct Reader<'s> {
    source: &'s str,
    bytes: &'s [u8],
    at: usize,
    limits: Limits,
    arena: Arena,
    open: Vec<Open>,
}

impl<'s> Reader<'s> {
    fn new(source: &'s str, limits: &Limits) -> Self {
        Self {
            source,
            bytes: source.as_bytes(),
            at: 0,
            limits: *limits,
            arena: Arena::default(),
            open: Vec::new(),
        }
    }

    fn body(&mut self) -> Result<(), Problem> {
        if let Some((length, anomaly)) = byte_order_mark(self.source) {
            self.at = length;
            self.arena.anomalies.push(anomaly);
        }
        match self.peek() {
            None => return Err(Problem::Empty),
            Some(b'<') => return Err(Problem::NotJson),
            Some(_) => {}
        }
        let mut key = Key::default();
        loop {
            if self.value(key)? {
                // A container with content was opened.
                key = self.key_if_object()?;
                continue;
            }
            loop {
                let Some(open) = self.open.last().copied() else {
                    return match self.peek() {
                        None => Ok(()),
                        Some(_) => match self.unexpected() {
                            Problem::UnexpectedCharacter => Err(Problem::TrailingContent),
                            clearer => Err(clearer),
                        },
                    };
                };
                match self.peek() {
                    Some(b',') => {
                        self.at += 1;
                        key = self.key_if_object()?;
                        break;
                    }
                    Some(b'}') if open.object => self.close(),
                    Some(b']') if !open.object => self.close(),
                    Some(_) => return Err(self.unexpected()),
                    None => return Err(Problem::UnexpectedEnd),
                }
            }
        }
    }

    /// Names what stands at the current byte, where the grammar wants something else.
    fn unexpected(&self) -> Problem {
        match self.bytes.get(self.at..).unwrap_or_default() {
            [0, ..] => Problem::Nul,
            [b'/', b'/' | b'*', ..] => Problem::Comment,
            _ => Problem::UnexpectedCharacter,
        }
    }

    /// Skips white space and looks at the next byte.
    fn peek(&mut self) -> Option<u8> {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                other => return Some(*other),
            }
        }
        None
    }

    /// The name and colon of the next member, if an object is open.
    fn key_if_object(&mut self) -> Result<Key, Problem> {
        if !self.open.last().is_some_and(|open| open.object) {
            return Ok(Key::default());
        }
        match self.peek() {
            Some(b'"') => {}
            Some(_) => return Err(self.unexpected()),
            None => return Err(Problem::UnexpectedEnd),
        }
        let start = self.at + 1;
        let escaped = self.string()?;
        let key = Key {
            start: small(start),
            len: small(self.at - 1 - start),
            escaped,
        };
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(_) => return Err(self.unexpected()),
            None => return Err(Problem::UnexpectedEnd),
        }
        Ok(key)
    }

    /// Reads a value; true if it is a container with content still to come.
    fn value(&mut self, key: Key) -> Result<bool, Problem> {
        let Some(byte) = self.peek() else {
            return Err(Problem::UnexpectedEnd);
        };
        if self.arena.nodes.len() >= self.limits.max_nodes {
            return Err(Problem::TooManyNodes);
        }
        let start = self.at;
        let mut range = None;
        let form = match byte {
            b'{' | b'[' => return self.container(byte == b'{', key),
            b'"' => {
                range = self.string()?;
                Form::String
            }
            b't' => self.word("true", Form::Bool)?,
            b'f' => self.word("false", Form::Bool)?,
            b'n' => self.word("null", Form::Null)?,
            b'-' | b'0'..=b'9' => {
                self.number()?;
                Form::Number
            }
            _ => return Err(self.unexpected()),
        };
        let mut raw = Raw::new(form, small(start));
        raw.end = small(self.at);
        if let Some((from, len)) = range {
            self.arena.set_escaped(&mut raw, from, len);
        }
        self.add(raw, key);
        Ok(false)
    }

    fn container(&mut self, object: bool, key: Key) -> Result<bool, Problem> {
        if self.open.len() >= self.limits.max_depth {
            return Err(Problem::TooDeep);
        }
        let form = if object { Form::Object } else { Form::Array };
        let id = self.add(Raw::new(form, small(self.at)), key);
        self.open.push(Open {
            id,
            object,
            last: NONE,
            count: 0,
        });
        self.at += 1;
        match (self.peek(), object) {
            (Some(b'}'), true) | (Some(b']'), false) => {
                self.close();
                Ok(false)
            }
            (Some(_), _) => Ok(true),
            (None, _) => Err(Problem::UnexpectedEnd),
        }
    }

    /// Adds a node to what the innermost container holds.
    fn add(&mut self, mut raw: Raw, key: Key) -> u32 {
        let id = small(self.arena.nodes.len());
        if let Some(open) = self.open.last_mut() {
            raw.parent = open.id;
            raw.place = if open.object { key.start } else { open.count };
            let before = open.last;
            open.count += 1;
            open.last = id;
            if let Some(sibling) = self.arena.nodes.get_mut(before as usize) {
                sibling.next = id;
            }
        }
        if let Some((from, len)) = key.escaped {
            raw.flags |= flag::KEY_ESCAPED;
            self.arena.escaped_keys.push((id, from, len));
        }
        self.arena.set_key_len(&mut raw, key.len);
        self.arena.nodes.push(raw);
        id
    }

    /// Ends the innermost container at its closing bracket.
    fn close(&mut self) {
        self.at += 1;
        let Some(open) = self.open.pop() else {
            return;
        };
        if let Some(raw) = self.arena.nodes.get_mut(open.id as usize) {
            raw.end = small(self.at);
            raw.count = open.count;
            if open.object && open.count > 1 {
                self.note_duplicates(open.id + 1, open.count);
            }
        }
    }

    fn note_duplicates(&mut self, first: u32, count: u32) {
        let arena = &self.arena;
        let mut found = Vec::new();
        let mut many = HashSet::new();
        let mut few = [""; SMALL_OBJECT as usize];
        let mut seen = 0;
        let mut id = first;
        while let Some(raw) = arena.nodes.get(id as usize) {
            let name = arena.key(self.source, id);
            let duplicate = if count > SMALL_OBJECT {
                !many.insert(name)
            } else {
                let duplicate = few.iter().take(seen).any(|other| *other == name);
                if let Some(slot) = few.get_mut(seen) {
                    *slot = name;
                }
                seen += 1;
                duplicate
            };
            if duplicate {
                found.push(Anomaly {
                    kind: AnomalyKind::DuplicateKey,
                    offset: (raw.key_start() as usize).saturating_sub(1),
                });
            }
            id = raw.next;
        }
        self.arena.anomalies.append(&mut found);
    }

    fn word(&mut self, word: &str, form: Form) -> Result<Form, Problem> {
        for expected in word.bytes() {
            match self.bytes.get(self.at) {
                Some(byte) if *byte == expected => self.at += 1,
                Some(_) => return Err(Problem::UnexpectedCharacter),
                None => return Err(Problem::UnexpectedEnd),
            }
        }
        Ok(form)
    }

    fn number(&mut self) -> Result<(), Problem> {
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        if self.bytes.get(self.at) == Some(&b'0') {
            self.at += 1;
            if self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
                return Err(Problem::InvalidNumber);
            }
        } else {
            self.digits()?;
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.bytes.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    /// One digit or more.
    fn digits(&mut self) -> Result<(), Problem> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        if self.at > start {
            return Ok(());
        }
        Err(match self.bytes.get(self.at) {
            Some(_) => Problem::InvalidNumber,
            None => Problem::UnexpectedEnd,
        })
    }

    /// Reads a string from its opening quote to after its closing quote. A string with escapes
    /// is written to `unescaped` and its range there returned.
    fn string(&mut self) -> Result<Option<(u32, u32)>, Problem> {
        self.at += 1;
        let mut from = self.at;
        let begun = self.arena.unescaped.len();
        let mut escapes = false;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let Some(plain) = plain_letters(rest) else {
                self.at = self.bytes.len();
                return Err(Problem::UnexpectedEnd);
            };
            self.at += plain;
            match self.bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escapes = true;
                    self.keep(from);
                    self.at += 1;
                    let c = self.escape()?;
                    self.arena.unescaped.push(c);
                    from = self.at;
                }
                Some(0) => return Err(Problem::Nul),
                _ => return Err(Problem::ControlCharacter),
            }
        }
        if escapes {
            self.keep(from);
        }
        self.at += 1;
        let len = self.arena.unescaped.len() - begun;
        Ok(escapes.then(|| (small(begun), small(len))))
    }

    fn keep(&mut self, from: usize) {
        if let Some(text) = self.source.get(from..self.at) {
            self.arena.unescaped.push_str(text);
        }
    }

    /// The character of an escape; the backslash has been read.
    fn escape(&mut self) -> Result<char, Problem> {
        let Some(byte) = self.bytes.get(self.at) else {
            return Err(Problem::UnexpectedEnd);
        };
        let c = match byte {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                return self.unicode_escape();
            }
            _ => return Err(Problem::InvalidEscape),
        };
        self.at += 1;
        Ok(c)
    }

    fn unicode_escape(&mut self) -> Result<char, Problem> {
        let first = self.four_digits()?;
        if !(0xd800..0xe000).contains(&first) {
            return char::from_u32(first).ok_or(Problem::LoneSurrogate);
        }
        if first >= 0xdc00 {
            return Err(Problem::LoneSurrogate);
        }
        for expected in *b"\\u" {
            match self.bytes.get(self.at) {
                Some(byte) if *byte == expected => self.at += 1,
                Some(_) => return Err(Problem::LoneSurrogate),
                None => return Err(Problem::UnexpectedEnd),
            }
        }
        let second = self.four_digits()?;
        if !(0xdc00..0xe000).contains(&second) {
            return Err(Problem::LoneSurrogate);
        }
        char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00))
            .ok_or(Problem::LoneSurrogate)
    }

    fn four_digits(&mut self) -> Result<u32, Problem> {
        let mut value = 0;
        for _ in 0..4 {
            let Some(byte) = self.bytes.get(self.at) else {
                return Err(Problem::UnexpectedEnd);
            };
            let Some(digit) = char::from(*byte).to_digit(16) else {
                return Err(Problem::InvalidEscape);
            };
            value = value * 16 + digit;
            self.at += 1;
        }
        Ok(value)
    }
}
/// How many bytes there are before the next that ends or interrupts a string: a quote, a backslash, a control character.
/// Eight at a time; `None` if there is no such byte.
fn plain_letters(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHEST: u64 = ONES << 7;
    // The lowest byte that is marked is below the limit; those above it may be marked by its borrow.
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word & HIGHEST;
    let equal = |word: u64, byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    let (eights, rest) = bytes.as_chunks::<8>();
    for (at, eight) in eights.iter().enumerate() {
        let word = u64::from_le_bytes(*eight);
        let marked = equal(word, b'"') | equal(word, b'\\') | below(word, 0x20);
        if marked != 0 {
            return Some(at * 8 + marked.trailing_zeros() as usize / 8);
        }
    }
    let found = rest
        .iter()
        .position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
    found.map(|at| eights.len() * 8 + at)
}
