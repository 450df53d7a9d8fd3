//! Three hundred values that must never be stored, all made up by rule: the same in every run.
//! Numbers of people are computed here, so that none stands in the source.

use std::collections::BTreeSet;

/// Where a value may be planted without stopping the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Secret,
    NhsNumber,
    /// A valid number outside the test range: never as an NHS number, which would stop the run.
    ChiNumber,
    Name,
    Date,
    Postcode,
    Text,
    Contact,
    Encoded,
    Url,
    Id,
}

#[derive(Debug, Clone)]
pub struct Canary {
    pub kind: Kind,
    pub value: String,
}

/// A generator of numbers that depend on nothing.
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn pick(&mut self, letters: &str, count: usize) -> String {
        let letters: Vec<char> = letters.chars().collect();
        (0..count)
            .map(|_| letters[self.below(letters.len())])
            .collect()
    }
}

/// The check digit of nine digits by modulus 11, if there is one.
fn check_digit(nine: &str) -> Option<u32> {
    let sum: u32 = nine
        .chars()
        .zip((2..=10).rev())
        .map(|(c, w)| c.to_digit(10).unwrap() * w)
        .sum();
    match 11 - sum % 11 {
        11 => Some(0),
        10 => None,
        other => Some(other),
    }
}

/// A valid ten-digit number that begins with `prefix`.
pub fn number(dice: &mut Dice, prefix: &str) -> String {
    loop {
        let nine = format!("{prefix}{}", dice.pick("0123456789", 9 - prefix.len()));
        if let Some(digit) = check_digit(&nine) {
            return format!("{nine}{digit}");
        }
    }
}

/// In the groups in which people write it.
pub fn spaced(number: &str, separator: &str) -> String {
    [&number[..3], &number[3..6], &number[6..]].join(separator)
}

const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

fn secret(dice: &mut Dice, at: usize) -> String {
    match at % 6 {
        0 => format!("pk+{}/{}==", dice.pick(LETTERS, 12), dice.pick(LETTERS, 12)),
        1 => dice.pick("0123456789abcdef", 32),
        2 => format!(
            "eyJ{}.{}.{}",
            dice.pick(LETTERS, 20),
            dice.pick(LETTERS, 30),
            dice.pick(LETTERS, 20)
        ),
        3 => format!("sk_live_{}", dice.pick(LETTERS, 24)),
        4 => format!("xq-{}-{}", dice.pick(LETTERS, 8), dice.pick(LETTERS, 8)),
        _ => dice.pick(LETTERS, 20),
    }
}

fn name(dice: &mut Dice) -> String {
    let mut name = dice.pick("BDGKPTVXZ", 1);
    for _ in 0..3 {
        name += &dice.pick("aeiouy", 1);
        name += &dice.pick("bdgkpqtvxz", 2);
    }
    name
}

fn date(dice: &mut Dice, at: usize) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (y, m, d) = (
        1908 + dice.below(29),
        1 + dice.below(12),
        1 + dice.below(28),
    );
    match at % 8 {
        0 => format!("{y}-{m:02}-{d:02}"),
        1 => format!("{d:02}/{m:02}/{y}"),
        2 => format!("{d:02}.{m:02}.{y}"),
        3 => format!("{y}{m:02}{d:02}"),
        4 => format!("{d} {} {y}", MONTHS[m - 1]),
        5 => format!("{y}-{m:02}-{d:02}T03:14:15Z"),
        6 => format!("{m:02}/{d:02}/{y}"),
        _ => format!("{}-{d:02}-{y}", &MONTHS[m - 1][..3]),
    }
}

fn postcode(dice: &mut Dice) -> String {
    let area = dice.pick("BCDEHLNPRSTWY", 1) + &dice.pick("ABDEHLNPRST", 1);
    format!(
        "{area}{}{} {}{}",
        1 + dice.below(9),
        dice.below(10),
        dice.below(10),
        dice.pick("ABDEFGHJLNPQRSTUWXYZ", 2)
    )
}

fn text(dice: &mut Dice, at: usize) -> String {
    let (a, b) = (name(dice), name(dice));
    match at % 5 {
        0 => format!("fell near the {a} gate and told {b}"),
        1 => format!("{a} \"{b}\" <b>&amp; co</b>"),
        2 => format!("lives with O'{a}, d\u{e9}j\u{e0} vu at {b}"),
        3 => format!("{a}\\{b}\tand a tab"),
        _ => format!("{a}%20{b}+{a}"),
    }
}

/// Base64 as every library writes it.
pub fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let byte = |at: usize| usize::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            if at <= chunk.len() {
                out.push(char::from(DIGITS[bits >> (18 - 6 * at) & 63]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

/// Everything but letters, digits and `-._~` as `%XX`.
pub fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// How many of each kind there are.
const COUNTS: [(Kind, usize); 11] = [
    (Kind::Secret, 50),
    (Kind::NhsNumber, 40),
    (Kind::ChiNumber, 30),
    (Kind::Name, 40),
    (Kind::Date, 32),
    (Kind::Postcode, 22),
    (Kind::Text, 25),
    (Kind::Contact, 16),
    (Kind::Encoded, 15),
    (Kind::Url, 15),
    (Kind::Id, 15),
];

/// All of them. The first is the key that the run signs in with.
pub fn all() -> Vec<Canary> {
    let mut dice = Dice::new(20_260_105);
    let mut seen = BTreeSet::new();
    let mut canaries = Vec::new();
    for (kind, count) in COUNTS {
        let mut at = 0;
        while at < count {
            let value = one(&mut dice, kind, at);
            if seen.insert(value.to_lowercase()) {
                canaries.push(Canary { kind, value });
                at += 1;
            }
        }
    }
    canaries
}

fn one(dice: &mut Dice, kind: Kind, at: usize) -> String {
    match kind {
        Kind::Secret => secret(dice, at),
        Kind::NhsNumber => {
            // The people of the packs have numbers below 999 1.
            let number = number(dice, &format!("999{}", 1 + at % 9));
            [
                number.clone(),
                spaced(&number, " "),
                number.clone(),
                spaced(&number, "-"),
            ][at % 4]
                .clone()
        }
        Kind::ChiNumber => {
            let (d, m, y) = (1 + dice.below(28), 1 + dice.below(12), dice.below(100));
            let number = number(dice, &format!("{d:02}{m:02}{y:02}"));
            if at % 3 == 2 {
                format!("{} {}", &number[..6], &number[6..])
            } else {
                number
            }
        }
        Kind::Name => {
            if at % 4 == 3 {
                format!("{}-{}", name(dice), name(dice))
            } else if at % 4 == 2 {
                name(dice).to_lowercase()
            } else {
                name(dice)
            }
        }
        Kind::Date => date(dice, at),
        Kind::Postcode => postcode(dice),
        Kind::Text => text(dice, at),
        Kind::Contact => match at % 2 {
            0 => format!(
                "{}@{}.example",
                name(dice).to_lowercase(),
                name(dice).to_lowercase()
            ),
            _ => format!("+44 1632 96{}", dice.pick("0123456789", 4)),
        },
        Kind::Encoded => base64(&format!("{} {}", name(dice), number(dice, "9993"))),
        Kind::Url => format!(
            "https://{}.example/{}?k={}",
            name(dice).to_lowercase(),
            name(dice),
            dice.pick(LETTERS, 10)
        ),
        Kind::Id => format!(
            "{}-{}",
            name(dice).to_lowercase(),
            dice.pick("0123456789abcdef", 8)
        ),
    }
}

#[test]
fn there_are_three_hundred_and_they_differ() {
    let all = all();
    let different: BTreeSet<_> = all.iter().map(|c| c.value.to_lowercase()).collect();
    assert_eq!((all.len(), different.len()), (300, 300));
    assert_eq!(base64("Man"), "TWFu");
    assert_eq!(base64("Ma"), "TWE=");
    assert_eq!(base64("M"), "TQ==");
}
