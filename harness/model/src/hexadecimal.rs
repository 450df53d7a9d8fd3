//! Bytes as text, for fingerprints. Not for reading them back.

/// Two lower-case hexadecimal digits a byte.
pub fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0f]);
    let digits = digits.map(|digit| char::from(DIGITS[usize::from(digit)]));
    let mut text = String::with_capacity(bytes.len() * 2);
    text.extend(digits);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_two_digits() {
        assert_eq!(hexadecimal(&[0, 9, 10, 0x7f, 0xff]), "00090a7fff");
        assert_eq!(hexadecimal(&[]), "");
    }
}
