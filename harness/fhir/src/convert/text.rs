//! What the text of a primitive must be like to be carried over. Not for whether it is valid.

use crate::definitions::Type;

/// How JSON writes the values of a primitive; XML writes all of them as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    Boolean,
    Number,
    String,
}

impl Written {
    pub(super) fn of(primitive: Type<'_>) -> Self {
        if primitive.is_a("boolean") {
            Self::Boolean
        } else if primitive.is_a("integer") || primitive.is_a("decimal") {
            Self::Number
        } else {
            Self::String
        }
    }

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Boolean => "true or false",
            Self::Number => "a number",
            Self::String => "a string",
        }
    }
}

/// Whether XML 1.0 can hold every character.
pub(super) fn is_xml(text: &str) -> bool {
    text.chars().all(|c| {
        !matches!(c, '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}') || matches!(c, '\t' | '\n' | '\r')
    })
}

/// Whether this is a number as the grammar of JSON has it.
pub(super) fn is_json_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|it| digits(it.strip_prefix(['+', '-']).unwrap_or(it)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_json() {
        for good in ["0", "-0", "10", "1.50", "0.0010", "1e2", "-1.5E+10", "2e-3"] {
            assert!(is_json_number(good), "{good}");
        }
        for bad in [
            "", "-", "+1", "01", "1.", ".5", "1e", "1e+", " 1", "1 ", "0x1", "NaN", "1.2.3", "1-2",
            "١",
        ] {
            assert!(!is_json_number(bad), "{bad}");
        }
    }

    #[test]
    fn xml_has_no_control_characters_but_three() {
        assert!(is_xml("a\tb\r\nc \u{7f}\u{85}\u{e000}\u{10ffff}"));
        for bad in ["\0", "\u{1}", "\u{b}", "\u{1f}", "\u{fffe}", "\u{ffff}"] {
            assert!(!is_xml(bad), "{bad:?}");
        }
    }
}
