//! The sub-headings of a text of blocks, and what stands under each. Not for reading XHTML.

use super::{find_byte, label_of};
use std::collections::HashMap;
use std::ops::Range;

/// What stands under one sub-heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    /// A part of the text, in bytes; empty if there is nothing.
    Part(Range<usize>),
    /// Parts that are not beside each other in the text.
    Joined(String),
}

/// What a block of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A cell that heads a row or a column.
    Head,
    /// Any other cell.
    Cell,
    /// `h1` and the like, or a term of a list of terms.
    Heading,
    /// A paragraph, an item of a list, anything else.
    Plain,
}

#[derive(Debug)]
pub(super) struct Block {
    pub(super) kind: Kind,
    /// The row it is in, from 1; 0 outside of tables.
    pub(super) row: usize,
    /// The table it is in, from 1; 0 outside.
    pub(super) table: usize,
    /// Its column, from 0.
    pub(super) column: usize,
    /// Where it begins in the text.
    pub(super) begin: usize,
    /// Where it ends in the text; one space stands between it and the next.
    pub(super) end: usize,
    /// How many bytes of the text, from its beginning, are emphasised.
    pub(super) strong: usize,
}

/// The text with where its blocks are.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) text: String,
    pub(super) blocks: Vec<Block>,
}

/// No label before a colon and no cell that is a label is longer, in bytes.
const LONGEST_LABEL: usize = 120;

impl Page {
    fn of(&self, block: &Block) -> &str {
        &self.text[block.begin..block.end]
    }

    /// The sub-headings of blocks, each with what stands under it.
    pub(super) fn labels(&self) -> HashMap<String, Vec<Content>> {
        let mut labels: HashMap<String, Vec<Content>> = HashMap::new();
        for (at, block) in self.blocks.iter().enumerate() {
            let found = match block.kind {
                Kind::Head => Some((self.of(block), self.beside_or_below(at))),
                Kind::Heading => Some((self.of(block), self.following(at))),
                Kind::Plain | Kind::Cell => self.in_block(at),
            };
            let Some((label, content)) = found else {
                continue;
            };
            let label = label_of(label);
            match labels.get_mut(label) {
                Some(contents) => contents.push(content),
                None => {
                    labels.insert(label.to_owned(), vec![content]);
                }
            }
        }
        labels
    }

    /// `Label: text`, or a label in bold with text after it, or a cell that stands before another in its row.
    fn in_block(&self, at: usize) -> Option<(&str, Content)> {
        let block = &self.blocks[at];
        let text = self.of(block);
        if block.strong > 0 {
            let (label, rest) = text.split_at(text.floor_char_boundary(block.strong));
            let rest = rest.trim_start_matches([':', '-', ' ']);
            return Some((label, self.rest_or_next(at, rest)));
        }
        let head = &text.as_bytes()[..text.len().min(LONGEST_LABEL + 1)];
        if let Some(colon) = find_byte(head, b':') {
            let content = self.rest_or_next(at, text[colon + 1..].trim_start());
            Some((&text[..colon], content))
        } else if block.kind == Kind::Cell && block.column == 0 && text.len() <= LONGEST_LABEL {
            let content = self.beside(at);
            (!is_nothing(&content)).then_some((text, content))
        } else {
            None
        }
    }

    /// The rest of a block after its label, or what stands beside or after it if there is no rest.
    fn rest_or_next(&self, at: usize, rest: &str) -> Content {
        let block = &self.blocks[at];
        if !rest.is_empty() {
            // Blocks end without white space.
            Content::Part(block.end - rest.len()..block.end)
        } else if block.table > 0 {
            self.beside(at)
        } else {
            self.following(at)
        }
    }

    /// Of a head: the cells in its row, or those of its column in the rows below.
    fn beside_or_below(&self, at: usize) -> Content {
        let content = self.beside(at);
        if is_nothing(&content) {
            self.below(at)
        } else {
            content
        }
    }

    /// The plain cells after a block in its row.
    fn beside(&self, at: usize) -> Content {
        let head = &self.blocks[at];
        let in_row = self.blocks[at + 1..]
            .iter()
            .take_while(|it| it.table >= head.table && it.row == head.row);
        let cells = in_row
            .take_while(|it| it.kind != Kind::Head)
            .filter(|it| it.column > head.column);
        self.joined(cells)
    }

    /// The plain cells of its column in the rows below, up to the next row of heads.
    fn below(&self, at: usize) -> Content {
        let head = &self.blocks[at];
        let rows = self.blocks[at + 1..]
            .iter()
            .filter(|it| it.row > head.row || it.table != head.table)
            .take_while(|it| it.table == head.table && it.kind != Kind::Head);
        self.joined(rows.filter(|it| it.column == head.column))
    }

    /// The blocks after a heading, up to the next heading, or label in bold.
    fn following(&self, at: usize) -> Content {
        let after = self.blocks[at + 1..].iter();
        let content = after.take_while(|it| {
            it.kind != Kind::Heading
                && it.strong == 0
                && !(it.kind == Kind::Plain && self.of(it).ends_with(':'))
        });
        self.joined(content)
    }

    /// Blocks with one space between them. Those beside each other are so in the text already.
    fn joined<'b>(&self, mut blocks: impl Iterator<Item = &'b Block>) -> Content {
        let Some(first) = blocks.next() else {
            return Content::Part(0..0);
        };
        let mut part = first.begin..first.end;
        while let Some(block) = blocks.next() {
            if block.begin != part.end + 1 {
                let mut text = self.text[part].to_owned();
                for block in std::iter::once(block).chain(blocks) {
                    text.push(' ');
                    text.push_str(self.of(block));
                }
                return Content::Joined(text);
            }
            part.end = block.end;
        }
        Content::Part(part)
    }
}

fn is_nothing(content: &Content) -> bool {
    match content {
        Content::Part(part) => part.is_empty(),
        Content::Joined(text) => text.is_empty(),
    }
}
