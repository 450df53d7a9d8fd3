//! Check digits: NHS numbers (modulus 11) and SNOMED CT identifiers (Verhoeff).
//! Not for looking codes up.

/// Why a number is not acceptable. Never holds the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFault {
    /// Something other than the right count of digits.
    Form,
    /// One digit ten times.
    Repeated,
    /// The check digit is wrong.
    CheckDigit,
    /// The partition says that it is not a concept.
    NotAConcept,
}

/// What is wrong with an NHS number, if anything.
pub fn nhs_number_fault(number: &str) -> Option<NumberFault> {
    let Some(digits) = digits(number).filter(|d| d.len() == 10) else {
        return Some(NumberFault::Form);
    };
    if digits.iter().all(|d| *d == digits[0]) {
        return Some(NumberFault::Repeated);
    }
    let sum: u32 = digits.iter().zip((2..=10).rev()).map(|(d, w)| d * w).sum();
    // 11 stands for 0; 10 cannot be written as one digit, so such numbers are not issued.
    let expected = (11 - sum % 11) % 11;
    (digits[9] != expected).then_some(NumberFault::CheckDigit)
}

/// What is wrong with a SNOMED CT concept id, if anything.
pub fn snomed_code_fault(code: &str) -> Option<NumberFault> {
    let Some(digits) = digits(code).filter(|d| (6..=18).contains(&d.len()) && d[0] != 0) else {
        return Some(NumberFault::Form);
    };
    if verhoeff(&digits) != 0 {
        return Some(NumberFault::CheckDigit);
    }
    // The two digits before the check digit: 00 and 10 are concepts, others are descriptions and more.
    let partition = &digits[digits.len() - 3..digits.len() - 1];
    (!matches!(partition, [0 | 1, 0])).then_some(NumberFault::NotAConcept)
}

fn digits(text: &str) -> Option<Vec<u32>> {
    text.bytes()
        .map(|b| b.is_ascii_digit().then(|| u32::from(b - b'0')))
        .collect()
}

/// The Verhoeff checksum over digits of which the last is the check digit; 0 if it is right.
fn verhoeff(digits: &[u32]) -> usize {
    const MULTIPLY: [[usize; 10]; 10] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
        [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
        [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
        [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
        [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];
    const PERMUTE: [[usize; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    digits
        .iter()
        .rev()
        .enumerate()
        .fold(0, |check, (place, digit)| {
            MULTIPLY[check][PERMUTE[place % 8][*digit as usize]]
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judges_nhs_numbers() {
        assert_eq!(nhs_number_fault("9990000026"), None);
        assert_eq!(
            nhs_number_fault("9990000027"),
            Some(NumberFault::CheckDigit)
        );
        assert_eq!(nhs_number_fault("999 000 0026"), Some(NumberFault::Form));
        assert_eq!(nhs_number_fault("9999999999"), Some(NumberFault::Repeated));
        assert_eq!(nhs_number_fault(""), Some(NumberFault::Form));
    }

    #[test]
    fn judges_snomed_codes() {
        for code in ["91936005", "716186003", "22298006", "138875005"] {
            assert_eq!(snomed_code_fault(code), None, "{code}");
        }
        assert_eq!(snomed_code_fault("91936006"), Some(NumberFault::CheckDigit));
        assert_eq!(snomed_code_fault("x"), Some(NumberFault::Form));
        // A description id with a valid check digit.
        assert_eq!(
            snomed_code_fault("37436014"),
            Some(NumberFault::NotAConcept)
        );
    }
}
