//! Where the fields of a CSV record stand in the text; the `csv` crate gives only their values.

use std::ops::Range;

/// The byte ranges of the fields of the record that begins at `start`, quotes included.
pub(crate) fn field_ranges(text: &str, start: usize) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = start;
    while bytes.get(at).is_some_and(|b| matches!(b, b'\r' | b'\n')) {
        at += 1;
    }
    let mut ranges = Vec::new();
    let mut field = at;
    let mut quoted = false;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                ranges.push(field..at);
                field = at + 1;
            }
            b'\r' | b'\n' if !quoted => break,
            _ => {}
        }
        at += 1;
    }
    ranges.push(field..at);
    ranges
}

#[cfg(test)]
mod tests {
    use super::field_ranges;

    #[test]
    fn follows_quotes_and_commas() {
        let text = "a,b\n\"x,\ny\",,z\r\nlast";
        let fields: Vec<&str> = field_ranges(text, 4)
            .into_iter()
            .map(|r| &text[r])
            .collect();
        assert_eq!(fields, ["\"x,\ny\"", "", "z"]);
        assert_eq!(field_ranges(text, 3).len(), 3);
    }
}
