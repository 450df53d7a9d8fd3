//! Pretty JSON as `serde_json` lays it out, in fewer pieces: its own formatter hands out an indent two spaces at a
//! time, which costs more than the text. Not for what is written.

use serde_json::ser::Formatter;
use std::io::{self, Write};

/// More than any record is indented; what is deeper gets its indent in several pieces.
const SPACES: &[u8; 64] = &[b' '; 64];

/// What becomes of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// They are indented by two spaces a level.
    Indented,
    /// They are not indented: whoever writes them puts all into one.
    Joined,
}

/// Lays out JSON in lines.
#[derive(Debug)]
pub(crate) struct Pretty {
    layout: Layout,
    depth: usize,
    has_value: bool,
}

impl Pretty {
    pub(crate) fn new(layout: Layout) -> Self {
        Self {
            layout,
            depth: 0,
            has_value: false,
        }
    }

    /// Begins a line. The break before it ends its own piece, since lines are netted whole.
    fn line<W: ?Sized + Write>(&self, out: &mut W, before: &[u8]) -> io::Result<()> {
        out.write_all(before)?;
        let mut missing = match self.layout {
            Layout::Indented => 2 * self.depth,
            Layout::Joined => 0,
        };
        while let Some(spaces) = SPACES.get(..missing.min(SPACES.len()))
            && !spaces.is_empty()
        {
            out.write_all(spaces)?;
            missing -= spaces.len();
        }
        Ok(())
    }

    fn begin<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.has_value = false;
        out.write_all(bracket)
    }

    fn end<W: ?Sized + Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.has_value {
            self.line(out, b"\n")?;
        }
        out.write_all(bracket)
    }

    fn item<W: ?Sized + Write>(&self, out: &mut W, first: bool) -> io::Result<()> {
        self.line(out, if first { b"\n" } else { b",\n" })
    }
}

impl Formatter for Pretty {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;
    use serde_json::{Serializer, Value, json};

    #[test]
    fn it_is_laid_out_as_serde_json_does() {
        let mut deep = json!([]);
        for _ in 0..50 {
            deep = json!({"a": [deep, {}, [], 1, "x"], "b": {}});
        }
        for value in [deep, json!({}), json!([[], {"a": null}]), Value::Null] {
            let mut out = Vec::new();
            let mut serializer =
                Serializer::with_formatter(&mut out, Pretty::new(Layout::Indented));
            value.serialize(&mut serializer).unwrap();
            assert_eq!(out, serde_json::to_vec_pretty(&value).unwrap());
        }
    }
}
