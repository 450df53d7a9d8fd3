//! Invented trusts, regions, boards, suppliers and products. Not for what is true of them.

use crate::chance::Chance;
use crate::number::Finite;
use crate::organisation::{MaturityScore, Organisation, OrganisationCode, SYNTHETIC_PREFIX};

/// A supplier, its product, the version everybody begins with and the one that some move to.
pub(super) struct Supplier {
    pub(super) name: &'static str,
    pub(super) product: &'static str,
    pub(super) before: &'static str,
    pub(super) after: &'static str,
    /// The month, from 1, in which its customers move; `None` if they stay.
    pub(super) moves: Option<u32>,
}

/// Invented suppliers. The last one's new version does harm; another's does nothing.
pub(super) const SUPPLIERS: &[Supplier] = &[
    Supplier {
        name: "Quillfeather Records",
        product: "Quillfeather EPR",
        before: "7.1",
        after: "7.2",
        moves: None,
    },
    Supplier {
        name: "Lanternworks Clinical",
        product: "Lantern EPR",
        before: "2.3",
        after: "2.4",
        moves: Some(9),
    },
    Supplier {
        name: "Pewterbrook Systems",
        product: "Pewter Care Record",
        before: "11.0",
        after: "11.1",
        moves: None,
    },
    Supplier {
        name: "Saltglass Health",
        product: "Saltglass EPR",
        before: "4.6",
        after: "5.0",
        moves: Some(14),
    },
];

/// The place of the supplier whose new version does harm.
pub(super) const HARMFUL: usize = 3;

const REGIONS: &[&str] = &[
    "Amber Region",
    "Beech Region",
    "Cedar Region",
    "Dusk Region",
    "Elder Region",
    "Fern Region",
    "Garnet Region",
];
const BOARDS_EACH: u32 = 4;
const TYPES: &[(&str, u32)] = &[
    ("Acute", 60),
    ("Mental health", 20),
    ("Community", 15),
    ("Ambulance", 5),
];
const FIRST: &[&str] = &[
    "Quill", "Thistle", "Ember", "Marrow", "Cobalt", "Saffron", "Juniper", "Pewter", "Lantern",
    "Velvet", "Cinder", "Tansy", "Umber", "Wicker", "Yarrow", "Zephyr", "Indigo", "Sable",
    "Russet", "Fable", "Ochre", "Tinsel", "Plover", "Gossamer", "Damson",
];
const SECOND: &[&str] = &[
    "mere", "holt", "wick", "dene", "fold", "garth", "haven", "march", "stow", "thwaite", "wold",
    "fell",
];

/// One trust and what the other files need of it.
pub(super) struct Trust {
    pub(super) organisation: Organisation,
    /// Place in [`SUPPLIERS`].
    pub(super) supplier: usize,
    /// Messages sampled in each domain each month, before it varies.
    pub(super) messages: u32,
}

/// The version of a supplier's product in a month from 1.
pub(super) fn newest(supplier: usize, month: u32) -> &'static str {
    let of = &SUPPLIERS[supplier];
    match of.moves {
        Some(first) if month >= first => of.after,
        Some(_) | None => of.before,
    }
}

pub(super) fn trusts(chance: &mut Chance, count: u32, months: u32) -> Vec<Trust> {
    let offset = chance.below(300);
    (0..count)
        .map(|place| {
            let supplier = pick(chance, SUPPLIERS.len());
            let region = pick(chance, REGIONS.len());
            let board = 1 + chance.below(BOARDS_EACH);
            let (size, messages) = match chance.below(3) {
                0 => ("Small", 130 + chance.below(40)),
                1 => ("Medium", 200 + chance.below(80)),
                _ => ("Large", 320 + chance.below(120)),
            };
            let organisation = Organisation {
                code: code(place + 1),
                name: name(place + offset),
                organisation_type: of_type(chance).to_owned(),
                region: REGIONS[region].to_owned(),
                icb: format!(
                    "{} Board {board}",
                    REGIONS[region].trim_end_matches(" Region")
                ),
                size: size.to_owned(),
                epr_supplier: SUPPLIERS[supplier].name.to_owned(),
                epr_version: newest(supplier, months).to_owned(),
            };
            Trust {
                organisation,
                supplier,
                messages,
            }
        })
        .collect()
}

fn pick(chance: &mut Chance, count: usize) -> usize {
    chance.below(u32::try_from(count).unwrap_or(1)) as usize
}

/// `ZZ001` and on: the shape of an ODS code, and never issued.
fn code(number: u32) -> OrganisationCode {
    OrganisationCode::new(&format!("{SYNTHETIC_PREFIX}{number:03}"))
        .unwrap_or_else(|| unreachable!("two letters and digits"))
}

/// Neighbouring numbers have different first and second parts; after all pairs a number is added.
fn name(number: u32) -> String {
    let (firsts, seconds) = (count(FIRST), count(SECOND));
    let pairs = firsts * seconds;
    let pair = number % pairs;
    // 25 and 12 have no common divisor, so each pair comes once in 300.
    let first = FIRST[(pair % firsts) as usize];
    let second = SECOND[(pair % seconds) as usize];
    match number / pairs {
        0 => format!("{first}{second} Trust"),
        round => format!("{first}{second} Trust {}", round + 1),
    }
}

fn count(words: &[&str]) -> u32 {
    u32::try_from(words.len()).unwrap_or(1)
}

fn of_type(chance: &mut Chance) -> &'static str {
    let mut place = chance.below(100);
    for (name, share) in TYPES {
        if place < *share {
            return name;
        }
        place -= share;
    }
    TYPES[0].0
}

/// Scores from 1 to 5 for two years; about one trust in twenty has none.
pub(super) fn maturity(chance: &mut Chance, trusts: &[Trust]) -> Vec<MaturityScore> {
    let mut scores = Vec::new();
    for trust in trusts {
        let level = 2.8 + 0.5 * chance.normal();
        if chance.below(20) == 0 {
            continue;
        }
        for year in [2027_u16, 2028] {
            for pillar in [MaturityScore::OVERALL, "Smart foundations", "Safe practice"] {
                let rise = 0.1 * f64::from(year - 2027) + 0.2 * chance.normal();
                let tenths = ((level + rise).clamp(1.0, 5.0) * 10.0).round() / 10.0;
                scores.extend(Finite::new(tenths).map(|score| MaturityScore {
                    code: trust.organisation.code.clone(),
                    year,
                    pillar: pillar.to_owned(),
                    score,
                }));
            }
        }
    }
    scores
}
