//! The memory of a tree: one record of 28 bytes for each node, in source order.
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
    /// The name is longer than [`Raw::key_len`](super::Raw::key_len) can tell: `Arena::long_keys` does.
    pub(crate) const KEY_LONG: u8 = 64;
}

/// Stands in [`Raw::namespace`] for one that only `Arena::bindings` tells.
const RARE: u8 = u8::MAX;

/// One node. What a field means depends on the form.
///
/// Nodes are in source order: attributes follow their element at once and its content comes after
/// those, and the first item or member follows its array or object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Raw {
    pub(crate) form: Form,
    pub(crate) flags: u8,
    /// How long the name is as written, unless it is [`flag::KEY_LONG`].
    pub(crate) key_len: u8,
    /// Of an element, the first declaration of its namespace, by its number among those of the arena.
    namespace: u8,
    /// The text of the node: an attribute's and a string's with quotes, an element's with tags.
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) parent: u32,
    /// The next sibling; of an attribute, the first declaration of its namespace.
    pub(crate) next: u32,
    /// Items, members or child elements; of text with escapes, which of `Arena::escapes` it is.
    pub(crate) count: u32,
    /// Of a member or attribute, where its name starts, without quotes and with its prefix;
    /// of an item, which it is, and of an element which repetition of its name, from 0.
    pub(crate) place: u32,
}

// Reading a long body takes as long as it takes to get the memory.
const _: () = assert!(size_of::<Raw>() == 28);

impl Raw {
    /// A node without name and relations, which ends nowhere yet.
    #[inline]
    pub(crate) const fn new(form: Form, start: u32) -> Self {
        Self {
            form,
            flags: 0,
            key_len: 0,
            namespace: 0,
            start,
            end: NONE,
            parent: NONE,
            next: NONE,
            count: 0,
            place: 0,
        }
    }

    /// Where the name starts, as written, with its prefix, without quotes; of no meaning if there is none.
    #[inline]
    pub(crate) const fn key_start(&self) -> u32 {
        match self.form {
            // After the `<`.
            Form::Element => self.start + 1,
            _ => self.place,
        }
    }

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
    /// Start and length in `unescaped` of texts that have escapes.
    escapes: Vec<(u32, u32)>,
    /// Node, start and length in `unescaped` of names that have escapes; ascending by node.
    pub(crate) escaped_keys: Vec<(u32, u32, u32)>,
    /// Node and length as written of names that are [`flag::KEY_LONG`]; ascending by node.
    long_keys: Vec<(u32, u32)>,
    /// The first declarations of the namespaces that elements have, up to [`RARE`] of them.
    namespaces: Vec<u32>,
    /// Element and first declaration of its namespace, if that is none of those; ascending by element.
    bindings: Vec<(u32, u32)>,
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
        range(source, raw.key_start(), self.key_len(id, raw))
    }

    /// How long the name of a node is as written.
    #[inline]
    pub(crate) fn key_len(&self, id: u32, raw: &Raw) -> u32 {
        if raw.has(flag::KEY_LONG) {
            return found(&self.long_keys, id).unwrap_or(0);
        }
        u32::from(raw.key_len)
    }

    /// Sets how long the name of the node is that is added next.
    #[inline]
    pub(crate) fn set_key_len(&mut self, raw: &mut Raw, len: u32) {
        if let Ok(len) = u8::try_from(len) {
            raw.key_len = len;
        } else {
            raw.flags |= flag::KEY_LONG;
            self.long_keys.push((small(self.nodes.len()), len));
        }
    }

    /// Sets where in `unescaped` the text of a node starts and how long it is.
    pub(crate) fn set_escaped(&mut self, raw: &mut Raw, start: u32, len: u32) {
        raw.flags |= flag::ESCAPED;
        raw.count = small(self.escapes.len());
        self.escapes.push((start, len));
    }

    /// The name of XML with its prefix; it has no escapes.
    pub(crate) fn name<'s>(&self, source: &'s str, id: u32) -> &'s str {
        self.get(id).map_or("", |raw| {
            range(source, raw.key_start(), self.key_len(id, raw))
        })
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
            let (start, len) = self.escapes.get(raw.count as usize)?;
            return Some(range(&self.unescaped, *start, *len));
        }
        source.get(raw.start as usize + quotes..raw.end as usize - quotes)
    }

    /// The first attribute that declares the namespace of an element or attribute; equal
    /// namespaces have the same.
    pub(crate) fn binding(&self, id: u32) -> u32 {
        match self.get(id) {
            Some(raw) if raw.form == Form::Element => {
                let binding = match raw.namespace {
                    RARE => found(&self.bindings, id),
                    number => self.namespaces.get(usize::from(number)).copied(),
                };
                binding.unwrap_or(NONE)
            }
            Some(raw) if raw.form == Form::Attribute => raw.next,
            _ => NONE,
        }
    }

    /// Sets the first declaration of the namespace of an element or attribute. Elements come in source order.
    pub(crate) fn bind(&mut self, id: u32, binding: u32) {
        let Some(raw) = self.nodes.get_mut(id as usize) else {
            return;
        };
        if raw.form != Form::Element {
            raw.next = binding;
            return;
        }
        let known = self.namespaces.iter().position(|own| *own == binding);
        let number = u8::try_from(known.unwrap_or(self.namespaces.len())).unwrap_or(RARE);
        raw.namespace = number;
        if number == RARE {
            self.bindings.push((id, binding));
        } else if known.is_none() {
            self.namespaces.push(binding);
        }
    }

    /// Whether a node is an attribute of this element.
    #[inline]
    pub(crate) fn is_attribute_of(&self, id: u32, element: u32) -> bool {
        self.get(id)
            .is_some_and(|raw| raw.form == Form::Attribute && raw.parent == element)
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
        let mut candidate = element + 1;
        while self.is_attribute_of(candidate, element) {
            candidate += 1;
        }
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
            + self.escapes.capacity() * size_of::<(u32, u32)>()
            + self.escaped_keys.capacity() * size_of::<(u32, u32, u32)>()
            + self.long_keys.capacity() * size_of::<(u32, u32)>()
            + self.namespaces.capacity() * size_of::<u32>()
            + self.bindings.capacity() * size_of::<(u32, u32)>()
            + self.anomalies.capacity() * size_of::<Anomaly>()
    }

    /// Gives back what growing by doubling reserved and reading did not use.
    pub(crate) fn finish(&mut self) {
        self.anomalies.sort_by_key(|anomaly| anomaly.offset);
        if self.nodes.capacity() - self.nodes.len() > self.nodes.len() / 8 {
            self.nodes.shrink_to_fit();
        }
        self.unescaped.shrink_to_fit();
        self.escapes.shrink_to_fit();
        self.escaped_keys.shrink_to_fit();
        self.long_keys.shrink_to_fit();
        self.namespaces.shrink_to_fit();
        self.bindings.shrink_to_fit();
        self.anomalies.shrink_to_fit();
    }
}

/// What is noted of a node, in a list that is ascending by node.
fn found(list: &[(u32, u32)], id: u32) -> Option<u32> {
    let at = list.binary_search_by_key(&id, |entry| entry.0).ok()?;
    list.get(at).map(|entry| entry.1)
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
