//! The memory of a tree: one record of 40 bytes for each node, in source order.
//! Not for asking it anything: [`crate::Node`] does that.

use crate::kind::{Anomaly, Asides, Form};

/// No node.
pub(crate) const NONE: u32 = u32::MAX;
/// Stands for the declaration of the prefix `xml`, which no text has to write.
pub(crate) const XML_PREFIX: u32 = u32::MAX - 1;
/// The namespace of the prefix `xml`.
pub(crate) const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

/// Bits of [`Raw::flags`].
pub(crate) mod flag {
    /// The text is in `Arena::unescaped`.
    pub(crate) const ESCAPED: u8 = 1;
    /// The name is in `Arena::unescaped`; found through `Arena::escaped_keys`.
    pub(crate) const KEY_ESCAPED: u8 = 2;
    /// The name has a prefix and a colon.
    pub(crate) const PREFIXED: u8 = 4;
    /// An attribute that declares a namespace.
    pub(crate) const DECLARATION: u8 = 8;
    /// An element with a sibling of its name.
    pub(crate) const REPEATED: u8 = 16;
    /// An element that takes up the name of an earlier sibling, after one of another name.
    pub(crate) const RESUMES: u8 = 32;
}

/// One node. What a field means depends on the form.
///
/// Attributes follow their element at once, in source order, and their children's nodes come
/// after those; so an element needs to know only how many attributes it has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Raw {
    pub(crate) form: Form,
    pub(crate) flags: u8,
    /// How many attributes an element has.
    pub(crate) attributes: u16,
    /// The text of the node: an attribute's and a string's with quotes, an element's with tags.
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) parent: u32,
    /// The next sibling; of an attribute, the first declaration of its namespace.
    pub(crate) next: u32,
    /// Of an array or object, its first child; of an element, the first declaration of its
    /// namespace;
    /// of text with escapes, where it starts in `Arena::unescaped`.
    pub(crate) first: u32,
    /// Items, members or child elements; of text with escapes, its length in `Arena::unescaped`.
    pub(crate) count: u32,
    /// Which item, member, attribute, or repetition of its name this is, from 0.
    pub(crate) index: u32,
    /// The name as written, with its prefix, without quotes.
    pub(crate) key_start: u32,
    pub(crate) key_len: u32,
}

impl Raw {
    #[inline]
    pub(crate) const fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

#[derive(Default)]
pub(crate) struct Arena {
    pub(crate) nodes: Vec<Raw>,
    /// Text of all strings and names that have escapes, one after the other.
    pub(crate) unescaped: String,
    /// Node, start and length in `unescaped` of names that have escapes; ascending by node.
    pub(crate) escaped_keys: Vec<(u32, u32, u32)>,
    pub(crate) anomalies: Vec<Anomaly>,
    pub(crate) asides: Asides,
}

impl Arena {
    #[inline]
    pub(crate) fn get(&self, id: u32) -> Option<&Raw> {
        self.nodes.get(id as usize)
    }

    /// The name with its prefix; empty if there is none.
    #[inline]
    pub(crate) fn key<'t>(&'t self, source: &'t str, id: u32) -> &'t str {
        let Some(raw) = self.get(id) else {
            return "";
        };
        if raw.has(flag::KEY_ESCAPED) {
            let place = self.escaped_keys.binary_search_by_key(&id, |entry| entry.0);
            let Some((_, start, len)) = place.ok().and_then(|at| self.escaped_keys.get(at)) else {
                return "";
            };
            return range(&self.unescaped, *start, *len);
        }
        range(source, raw.key_start, raw.key_len)
    }

    /// The name of XML with its prefix; it has no escapes.
    pub(crate) fn name<'s>(&self, source: &'s str, id: u32) -> &'s str {
        self.get(id)
            .map_or("", |raw| range(source, raw.key_start, raw.key_len))
    }

    /// The name of XML without its prefix.
    pub(crate) fn local<'s>(&self, source: &'s str, id: u32) -> &'s str {
        let name = self.name(source, id);
        match self.get(id) {
            Some(raw) if raw.has(flag::PREFIXED) => {
                name.split_once(':').map_or(name, |(_, local)| local)
            }
            _ => name,
        }
    }

    /// The name without its prefix.
    #[inline]
    pub(crate) fn local_name<'t>(&'t self, source: &'t str, id: u32) -> &'t str {
        match self.get(id) {
            Some(raw) if raw.has(flag::PREFIXED) => self.local(source, id),
            _ => self.key(source, id),
        }
    }

    /// The text of a string, an attribute or a text, with escapes resolved.
    #[inline]
    pub(crate) fn text<'t>(&'t self, source: &'t str, id: u32) -> Option<&'t str> {
        let raw = self.get(id)?;
        let quotes = match raw.form {
            Form::String | Form::Attribute => 1,
            Form::Text => 0,
            Form::Null | Form::Bool | Form::Number | Form::Array | Form::Object | Form::Element => {
                return None;
            }
        };
        if raw.has(flag::ESCAPED) {
            return Some(range(&self.unescaped, raw.first, raw.count));
        }
        source.get(raw.start as usize + quotes..raw.end as usize - quotes)
    }

    /// The first attribute that declares the namespace of an element or attribute; equal
    /// namespaces have the same.
    pub(crate) fn binding(&self, id: u32) -> u32 {
        match self.get(id) {
            Some(raw) if raw.form == Form::Element => raw.first,
            Some(raw) if raw.form == Form::Attribute => raw.next,
            _ => NONE,
        }
    }

    /// The namespace that a declaration gives; empty for none.
    pub(crate) fn namespace<'t>(&'t self, source: &'t str, binding: u32) -> &'t str {
        match binding {
            NONE => "",
            XML_PREFIX => XML_NAMESPACE,
            declaration => self.text(source, declaration).unwrap_or_default(),
        }
    }

    /// The first text or element inside an element.
    pub(crate) fn first_content(&self, element: u32) -> u32 {
        let Some(raw) = self.get(element) else {
            return NONE;
        };
        let candidate = element + 1 + u32::from(raw.attributes);
        match self.get(candidate) {
            Some(child) if child.parent == element => candidate,
            _ => NONE,
        }
    }

    /// Makes room for as many nodes as there seem to be, so that they need not be moved while
    /// reading: `begins` is 1 if one does, judged by a byte and the one after it, and otherwise 0. A body that only looks as if it
    /// had many gets no more room than real ones need.
    pub(crate) fn reserve(&mut self, source: &str, most: usize, begins: impl Fn(u8, u8) -> u8) {
        const FEWEST_BYTES_A_NODE: usize = 12;
        // Short enough for the count to fit a byte, so that many are counted at once.
        const STRIDE: usize = 128;
        let bytes = source.as_bytes();
        let after = bytes.get(1..).unwrap_or_default();
        let strides = bytes.chunks(STRIDE).zip(after.chunks(STRIDE));
        let nodes: usize = strides
            .map(|(bytes, after)| {
                let pairs = bytes.iter().zip(after);
                let begun = pairs.map(|(byte, next)| begins(*byte, *next));
                usize::from(begun.sum::<u8>())
            })
            .sum();
        let likely = source.len() / FEWEST_BYTES_A_NODE + 1;
        self.nodes.reserve_exact((nodes + 1).min(likely).min(most));
    }

    /// Bytes that are reserved, the body itself not counted.
    pub(crate) fn bytes(&self) -> usize {
        self.nodes.capacity() * size_of::<Raw>()
            + self.unescaped.capacity()
            + self.escaped_keys.capacity() * size_of::<(u32, u32, u32)>()
            + self.anomalies.capacity() * size_of::<Anomaly>()
    }

    /// Gives back what growing by doubling reserved and reading did not use.
    pub(crate) fn finish(&mut self) {
        self.anomalies.sort_by_key(|anomaly| anomaly.offset);
        if self.nodes.capacity() - self.nodes.len() > self.nodes.len() / 8 {
            self.nodes.shrink_to_fit();
        }
        self.unescaped.shrink_to_fit();
        self.escaped_keys.shrink_to_fit();
        self.anomalies.shrink_to_fit();
    }
}

#[inline]
pub(crate) fn range(text: &str, start: u32, len: u32) -> &str {
    let start = start as usize;
    text.get(start..start + len as usize).unwrap_or_default()
}

/// Offsets are checked to fit before reading begins.
pub(crate) fn small(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(NONE)
}
