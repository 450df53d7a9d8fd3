//! Breaks text into lines of at most 100 columns, for data sheets and for the terminal.

/// Columns.
pub(crate) const WIDTH: usize = 100;

/// The words of a text in lines, each ended by a line break; the first line and the others have
/// their own indents. A word that is too long for a line stands on one of its own.
pub fn wrapped(first: usize, others: usize, text: &str) -> String {
    let mut out = String::new();
    let mut line = " ".repeat(first);
    let mut begun = false;
    for word in text.split_whitespace() {
        if begun && line.chars().count() + 1 + word.chars().count() > WIDTH {
            out.push_str(&line);
            out.push('\n');
            line = " ".repeat(others);
            begun = false;
        }
        if begun {
            line.push(' ');
        }
        line.push_str(word);
        begun = true;
    }
    out.push_str(&line);
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_before_the_width() {
        let text = "word ".repeat(60);
        let lines = wrapped(2, 4, &text);
        assert!(lines.lines().all(|line| line.len() <= WIDTH));
        assert_eq!(lines.lines().count(), 4);
        assert!(lines.starts_with("  word") && lines.contains("\n    word"));
        let long = "x".repeat(150);
        let lines = wrapped(0, 3, &format!("a {long} b"));
        assert_eq!(lines, format!("a\n   {long}\n   b\n"));
    }
}
