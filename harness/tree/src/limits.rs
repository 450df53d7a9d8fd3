//! What a body may cost to read. Not for how long it may take: reading is linear in its length.

/// What a body may cost.
///
/// Memory is at most the body, 32 bytes for each value, 8 more for each text and 12 for each name with
/// escapes, 8 for each name of more than 255 bytes and each element of one of more than 255 namespaces,
/// 16 for each anomaly, and once more the length of the body for text with escapes;
/// [`crate::Tree::arena_bytes`] tells what it came to. While reading, it can be twice that.
/// A list of one-digit numbers is the worst case: 16 bytes for each byte of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many arrays, objects and elements may be open at once.
    pub max_depth: usize,
    /// How many bytes long the body may be.
    pub max_bytes: usize,
    /// How many values, elements, attributes and texts there may be in all.
    pub max_nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_depth: 200,
            max_bytes: 64 * 1024 * 1024,
            max_nodes: 4_000_000,
        }
    }
}
