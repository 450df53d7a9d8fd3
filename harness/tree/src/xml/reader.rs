//! Puts the tokens of quick-xml into the arena: one pass, no recursion.
//! quick-xml finds where tokens end and matches end tags; everything else that makes a text
//! well-formed is checked here and in the modules beside, since quick-xml lets much of it pass.

use super::characters::{first_disallowed, is_blank, is_space};
use super::namespaces::{Mark, Scope, declares};
use super::repeats;
use super::tag::{Cursor, Fault, Name, reference};
use super::text::Run;
use crate::arena::{Arena, NONE, Raw, flag, small};
use crate::error::{Encoding, ParseErrorKind as Problem};
use crate::kind::{Anomaly, AnomalyKind, Form};
use crate::limits::Limits;
use crate::receive::byte_order_mark;
use quick_xml::errors::{IllFormedError, SyntaxError};
use quick_xml::events::Event;

/// The elements of a body, or what was wrong at which byte.
pub(crate) fn read(source: &str, limits: &Limits) -> Result<Arena, Fault> {
    let mut reader = Reader {
        source,
        begin: 0,
        limits: *limits,
        arena: Arena::default(),
        open: Vec::new(),
        scope: Scope::new(),
        run: Run::default(),
        runs: Vec::new(),
    };
    reader
        .arena
        .reserve(source, limits.max_nodes, |byte, next| {
            u8::from(byte == b'=') + u8::from(byte == b'<') * u8::from(next != b'/')
        });
    let result = reader.document();
    let illegal = first_disallowed(source).map(|at| match source.as_bytes().get(at) {
        Some(0) => (Problem::Nul, at),
        _ => (Problem::InvalidCharacter, at),
    });
    match (result, illegal) {
        (Ok(()), None) => {
            reader.arena.finish();
            Ok(reader.arena)
        }
        (Ok(()), Some(fault)) | (Err(fault), None) => Err(fault),
        (Err(fault), Some(illegal)) => Err(if illegal.1 <= fault.1 { illegal } else { fault }),
    }
}

/// An element whose end tag is still to come.
#[derive(Clone, Copy)]
struct Open {
    id: u32,
    /// Its last child so far, text included.
    last: u32,
    /// Its child elements so far.
    count: u32,
    mark: Mark,
}

struct Reader<'s> {
    source: &'s str,
    /// Where the text begins, after a byte-order mark.
    begin: usize,
    limits: Limits,
    arena: Arena,
    open: Vec<Open>,
    scope: Scope<'s>,
    run: Run,
    runs: Vec<repeats::Run>,
}

impl<'s> Reader<'s> {
    fn document(&mut self) -> Result<(), Fault> {
        if let Some((length, anomaly)) = byte_order_mark(self.source) {
            self.begin = length;
            self.arena.anomalies.push(anomaly);
            // A second one is text, and quick-xml would skip it without counting it.
            if byte_order_mark(self.source.get(length..).unwrap_or_default()).is_some() {
                return Err((Problem::TextOutside, length));
            }
        }
        let body = self.source.get(self.begin..).unwrap_or_default();
        let mut tokens = quick_xml::Reader::from_str(body);
        loop {
            let from = self.begin + offset(tokens.buffer_position());
            let event = tokens.read_event();
            let to = self.begin + offset(tokens.buffer_position());
            match event {
                Ok(Event::Start(_)) => self.start_tag(from, to - 1)?,
                Ok(Event::Empty(_)) => {
                    self.start_tag(from, to - 2)?;
                    self.close(to);
                }
                Ok(Event::End(_)) => {
                    self.end_text()?;
                    self.close(to);
                }
                Ok(Event::Text(_)) => self.text(from, to)?,
                Ok(Event::GeneralRef(_)) => self.reference(from)?,
                Ok(Event::CData(_)) => self.section(from, to)?,
                Ok(Event::Comment(_)) => self.comment(from, to)?,
                Ok(Event::PI(_)) => self.instruction(from, to)?,
                Ok(Event::Decl(_)) => self.declaration(from, to)?,
                Ok(Event::DocType(_)) => return Err((Problem::DocumentType, from)),
                Ok(Event::Eof) => return self.end(),
                Err(error) => {
                    let at = self.begin + offset(tokens.error_position());
                    return Err((self.problem(&error, at), at));
                }
            }
        }
    }

    fn problem(&self, error: &quick_xml::Error, at: usize) -> Problem {
        match error {
            quick_xml::Error::Syntax(SyntaxError::UnclosedDoctype)
            | quick_xml::Error::IllFormed(IllFormedError::MissingDoctypeName) => {
                Problem::DocumentType
            }
            quick_xml::Error::Syntax(
                SyntaxError::InvalidBangMarkup
                | SyntaxError::UnclosedComment
                | SyntaxError::UnclosedCData,
            ) => {
                let rest = self.source.get(at..).unwrap_or_default();
                let could_begin = |mark: &str| rest.starts_with(mark) || mark.starts_with(rest);
                if could_begin("<!--") || could_begin("<![CDATA[") {
                    Problem::Unclosed
                } else {
                    Problem::InvalidMarkup
                }
            }
            quick_xml::Error::Syntax(_) => Problem::Unclosed,
            quick_xml::Error::IllFormed(
                IllFormedError::MismatchedEndTag { .. } | IllFormedError::UnmatchedEndTag(_),
            ) => Problem::MismatchedEndTag,
            quick_xml::Error::IllFormed(IllFormedError::UnclosedReference) => {
                Problem::InvalidReference
            }
            _ => Problem::InvalidMarkup,
        }
    }

    fn end(&mut self) -> Result<(), Fault> {
        if !self.open.is_empty() {
            return Err((Problem::UnexpectedEnd, self.source.len()));
        }
        if self.arena.nodes.is_empty() {
            return Err((Problem::Empty, self.source.len()));
        }
        Ok(())
    }

    /// An element with its attributes; `end` is where `>` or `/>` stands.
    fn start_tag(&mut self, from: usize, end: usize) -> Result<(), Fault> {
        self.end_text()?;
        if self.open.is_empty() && !self.arena.nodes.is_empty() {
            return Err((Problem::TrailingContent, from));
        }
        if self.open.len() >= self.limits.max_depth {
            return Err((Problem::TooDeep, from));
        }
        let mut cursor = Cursor {
            source: self.source,
            at: from + 1,
            end,
        };
        let name = cursor.name()?;
        let raw = self.record(Form::Element, from, Some(name))?;
        let id = self.add(raw);
        self.attributes(&mut cursor, id)?;
        let mark = self.scope.mark();
        self.scope.enter(&mut self.arena, self.source, id)?;
        self.open.push(Open {
            id,
            last: NONE,
            count: 0,
            mark,
        });
        Ok(())
    }

    fn attributes(&mut self, cursor: &mut Cursor<'s>, element: u32) -> Result<(), Fault> {
        let mut count = 0_u16;
        loop {
            let spaced = cursor.skip_space();
            if cursor.is_at_end() {
                break;
            }
            if !spaced {
                return Err((Problem::InvalidMarkup, cursor.at));
            }
            let name = cursor.name()?;
            if count == u16::MAX {
                return Err((Problem::TooManyAttributes, name.start));
            }
            let begun = self.arena.unescaped.len();
            let quoted = cursor.value(&mut self.arena.unescaped)?;
            let written = self.source.get(name.start..name.end).unwrap_or_default();
            let mut raw = self.record(Form::Attribute, quoted.start - 1, Some(name))?;
            raw.parent = element;
            raw.end = small(quoted.end + 1);
            if quoted.escaped {
                let len = self.arena.unescaped.len() - begun;
                self.arena.set_escaped(&mut raw, small(begun), small(len));
            }
            if declares(written) {
                raw.flags |= flag::DECLARATION;
            }
            self.arena.nodes.push(raw);
            if let Some(offset) = quoted.first_break {
                self.arena.anomalies.push(Anomaly {
                    kind: AnomalyKind::BreakInAttribute,
                    offset,
                });
            }
            count += 1;
        }
        Ok(())
    }

    /// Ends the innermost element, its last byte being that before `to`.
    fn close(&mut self, to: usize) {
        let Some(open) = self.open.pop() else {
            return;
        };
        if let Some(raw) = self.arena.nodes.get_mut(open.id as usize) {
            raw.end = small(to);
            raw.count = open.count;
        }
        if open.count > 1 {
            repeats::note(&mut self.arena, self.source, open.id, &mut self.runs);
        }
        self.scope.leave(open.mark);
    }

    /// A node that is not yet in the arena and has no parent.
    fn record(&mut self, form: Form, start: usize, name: Option<Name>) -> Result<Raw, Fault> {
        if self.arena.nodes.len() >= self.limits.max_nodes {
            return Err((Problem::TooManyNodes, start));
        }
        let mut raw = Raw::new(form, small(start));
        if let Some(name) = name {
            if name.prefixed {
                raw.flags |= flag::PREFIXED;
            }
            if form == Form::Attribute {
                raw.place = small(name.start);
            }
            let len = small(name.end - name.start);
            self.arena.set_key_len(&mut raw, len);
        }
        Ok(raw)
    }

    /// Adds an element or text to the children of the innermost element.
    fn add(&mut self, mut raw: Raw) -> u32 {
        let id = small(self.arena.nodes.len());
        if let Some(open) = self.open.last_mut() {
            raw.parent = open.id;
            let before = open.last;
            open.last = id;
            open.count += u32::from(raw.form == Form::Element);
            if let Some(sibling) = self.arena.nodes.get_mut(before as usize) {
                sibling.next = id;
            }
        }
        self.arena.nodes.push(raw);
        id
    }

    fn text(&mut self, from: usize, to: usize) -> Result<(), Fault> {
        let text = self.source.get(from..to).unwrap_or_default();
        if self.open.is_empty() {
            let Some(solid) = text.bytes().position(|byte| !is_space(byte)) else {
                return Ok(());
            };
            let is_json = matches!(text.as_bytes().get(solid), Some(b'{' | b'[' | b'"'));
            return Err(if is_json && self.arena.nodes.is_empty() {
                (Problem::NotXml, from + solid)
            } else {
                (Problem::TextOutside, from + solid)
            });
        }
        let blank = is_blank(text);
        if !blank && let Some(at) = text.find("]]>") {
            return Err((Problem::InvalidMarkup, from + at));
        }
        self.run
            .plain(self.source, (from, to), blank, &mut self.arena.unescaped);
        Ok(())
    }

    fn reference(&mut self, from: usize) -> Result<(), Fault> {
        if self.open.is_empty() {
            return Err((Problem::TextOutside, from));
        }
        let (c, after) = reference(self.source, from)?;
        self.run
            .character(self.source, (from, after), c, &mut self.arena.unescaped);
        Ok(())
    }

    fn section(&mut self, from: usize, to: usize) -> Result<(), Fault> {
        if self.open.is_empty() {
            return Err((Problem::TextOutside, from));
        }
        self.arena.asides.cdata_sections += 1;
        let inside = from + "<![CDATA[".len()..to - "]]>".len();
        let text = self.source.get(inside).unwrap_or_default();
        self.run
            .section(self.source, (from, to), text, &mut self.arena.unescaped);
        Ok(())
    }

    /// Makes a node of the text before a tag, unless it is nothing but white space.
    fn end_text(&mut self) -> Result<(), Fault> {
        let Some(text) = self.run.finish(self.source, &mut self.arena.unescaped) else {
            return Ok(());
        };
        let mut raw = self.record(Form::Text, text.start as usize, None)?;
        raw.end = text.end;
        if let Some((from, length)) = text.unescaped {
            self.arena.set_escaped(&mut raw, from, length);
        }
        self.add(raw);
        Ok(())
    }

    fn comment(&mut self, from: usize, to: usize) -> Result<(), Fault> {
        self.arena.asides.comments += 1;
        // With `-->` less its last two characters, so that a third hyphen is found too.
        let inside = self.source.get(from + "<!--".len()..to - 2);
        match inside.map(|text| text.find("--")) {
            Some(None) => Ok(()),
            Some(Some(at)) => Err((Problem::InvalidMarkup, from + "<!--".len() + at)),
            None => Err((Problem::InvalidMarkup, from)),
        }
    }

    fn instruction(&mut self, from: usize, to: usize) -> Result<(), Fault> {
        self.arena.asides.instructions += 1;
        let mut cursor = Cursor {
            source: self.source,
            at: from + 2,
            end: to - 2,
        };
        let name = cursor.name_without_prefix()?;
        let target = self.source.get(name.start..name.end).unwrap_or_default();
        if target.eq_ignore_ascii_case("xml") {
            return Err((Problem::InvalidDeclaration, from));
        }
        if cursor.is_at_end() || cursor.skip_space() {
            Ok(())
        } else {
            Err((Problem::InvalidName, cursor.at))
        }
    }

    /// `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`, the last two optional.
    fn declaration(&mut self, from: usize, to: usize) -> Result<(), Fault> {
        if from != self.begin {
            return Err((Problem::InvalidDeclaration, from));
        }
        let mut cursor = Cursor {
            source: self.source,
            at: from + "<?xml".len(),
            end: to - "?>".len(),
        };
        let mut after = "";
        loop {
            let spaced = cursor.skip_space();
            if cursor.is_at_end() {
                break;
            }
            let at = cursor.at;
            let malformed = (Problem::InvalidDeclaration, at);
            let name = cursor.name().map_err(|_| malformed)?;
            let mut resolved = String::new();
            let value = cursor.value(&mut resolved).map_err(|_| malformed)?;
            let name = self.source.get(name.start..name.end).unwrap_or_default();
            let text = self.source.get(value.start..value.end).unwrap_or_default();
            match (after, name) {
                _ if !spaced || value.escaped => return Err(malformed),
                ("", "version") => match text.strip_prefix("1.").map(str::as_bytes) {
                    Some(b"0") => {}
                    Some([_, ..]) if text.bytes().skip(2).all(|byte| byte.is_ascii_digit()) => {
                        return Err((Problem::UnsupportedVersion, at));
                    }
                    _ => return Err(malformed),
                },
                ("version", "encoding") if is_encoding_name(text) => {
                    if let Some(encoding) = Encoding::declared(text) {
                        return Err((Problem::DeclaredEncoding(encoding), at));
                    }
                }
                ("version" | "encoding", "standalone") if matches!(text, "yes" | "no") => {}
                _ => return Err(malformed),
            }
            after = name;
        }
        if after.is_empty() {
            return Err((Problem::InvalidDeclaration, from));
        }
        Ok(())
    }
}

fn is_encoding_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

/// Positions are within a body whose length fits.
fn offset(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}
