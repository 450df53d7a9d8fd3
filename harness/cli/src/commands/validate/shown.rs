//! Text from outside as it may be shown, and counts in words. Not for wording of its own.

/// Longer text than this is cut: names of elements can be as long as their file.
const MOST_CHARACTERS: usize = 400;

/// Text without what could move a cursor, turn the direction of writing or hide something, and not too long.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String = text
        .chars()
        .take(MOST_CHARACTERS)
        .map(|c| if is_plain(c) { c } else { '\u{fffd}' })
        .collect();
    if text.chars().nth(MOST_CHARACTERS).is_some() {
        shown.push_str("...");
    }
    shown
}

fn is_plain(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// `1 file`, `2 files`.
pub(super) fn counted(count: u64, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_moves_the_cursor_is_shown() {
        assert_eq!(
            shown("a\u{1b}[2Jb\n\u{202e}c\u{7f}é"),
            "a\u{fffd}[2Jb\u{fffd}\u{fffd}c\u{fffd}é"
        );
        assert_eq!(shown(&"x".repeat(400)), "x".repeat(400));
        assert_eq!(shown(&"x".repeat(401)), format!("{}...", "x".repeat(400)));
    }

    #[test]
    fn counts_are_words() {
        let words = [0, 1, 2].map(|count| counted(count, "error"));
        assert_eq!(words, ["0 errors", "1 error", "2 errors"]);
    }
}
