//! Canonical JSON (RFC 8785): one text for one value, so that it can be hashed and written again.
//! Integers that a reader could round, those of 2^53 and more, are written as strings. Not for fractions.

use serde::Serialize;
use serde_json::Value;
use thiserror::Error;

/// The first integer that a reader of JSON may round.
const ROUNDED: u64 = 1 << 53;

/// A value has no canonical form here.
#[derive(Debug, Error)]
pub enum CanonicalError {
    /// It holds a number with a fraction.
    #[error("a number with a fraction has no place in a bundle")]
    Fraction,
    /// It is nothing that JSON can hold.
    #[error("the value has no form in JSON")]
    NotJson(#[from] serde_json::Error),
}

/// The canonical text of a value.
pub(crate) fn text(value: &impl Serialize) -> Result<String, CanonicalError> {
    let mut out = String::new();
    put(&serde_json::to_value(value)?, &mut out)?;
    Ok(out)
}

fn put(value: &Value, out: &mut String) -> Result<(), CanonicalError> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => {
            let size = number
                .as_u64()
                .or_else(|| number.as_i64().map(i64::unsigned_abs))
                .ok_or(CanonicalError::Fraction)?;
            let text = number.to_string();
            if size < ROUNDED {
                out.push_str(&text);
            } else {
                quote(&text, out);
            }
        }
        Value::String(text) => quote(text, out),
        Value::Array(items) => {
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                put(item, out)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<(&String, &Value)> = members.iter().collect();
            members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (n, (name, value)) in members.into_iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                quote(name, out);
                out.push(':');
                put(value, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            c if u32::from(c) < 0x20 => {
                out.push_str("\\u00");
                out.push(char::from(b'0' + u8::from(u32::from(c) >= 0x10)));
                out.push(char::from_digit(u32::from(c) % 16, 16).unwrap_or('0'));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::text;
    use serde_json::{Value, json};

    #[test]
    fn the_vectors_of_rfc_8785_for_strings_and_order_hold() {
        let strings: Value = serde_json::from_str(
            r#"{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#,
        )
        .unwrap();
        assert_eq!(
            text(&strings).unwrap(),
            "{\"literals\":[null,true,false],\"string\":\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"
        );
        let order = json!({
            "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
            "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control",
            "\u{f6}": "Latin Small Letter O With Diaeresis"
        });
        let written = text(&order).unwrap();
        let places: Vec<usize> = [
            "Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew",
        ]
        .iter()
        .map(|word| written.find(word).unwrap())
        .collect();
        assert!(places.is_sorted(), "{written}");
        assert_eq!(
            text(&json!("\u{1f}\u{10}\u{1}")).unwrap(),
            r#""\u001f\u0010\u0001""#
        );
    }

    #[test]
    fn what_a_reader_could_round_is_a_string() {
        assert_eq!(
            text(&json!(9_007_199_254_740_991_u64)).unwrap(),
            "9007199254740991"
        );
        assert_eq!(
            text(&json!(9_007_199_254_740_993_u64)).unwrap(),
            "\"9007199254740993\""
        );
        assert_eq!(text(&json!(i64::MIN)).unwrap(), "\"-9223372036854775808\"");
        assert_eq!(text(&json!(-7)).unwrap(), "-7");
        assert!(text(&json!(0.5)).is_err());
    }

    #[test]
    fn the_canonical_text_reads_back_to_itself() {
        let value = json!({"b": [1, {"z": "\u{7f}\u{2028}", "a": ""}], "a": {"": null}});
        let once = text(&value).unwrap();
        let again: Value = serde_json::from_str(&once).unwrap();
        assert_eq!(again, value);
        assert_eq!(text(&again).unwrap(), once);
    }
}
