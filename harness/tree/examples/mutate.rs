//! Changes the files of the corpus at random and looks whether everything still holds that must
//! hold for any bytes: fuzzing where only stable Rust is at hand. What breaks is kept as a file.
//!
//!     cargo run --release -p plumbline-tree --example mutate -- xml 5 1 OUT
//!
//! The arguments are the syntax, the minutes, the seed of the random numbers, and the folder for
//! what breaks. Not for coverage: harness/fuzz does that.
#![expect(clippy::print_stdout, reason = "its output is its result")]

#[path = "../tests/main/properties.rs"]
mod properties;

use plumbline_tree::{Limits, Syntax};
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

/// What is put in, divided by bars.
const JSON: &str = "{|}|[|]|,|:|\"|\"a\"|\"a\":|\\|\\u|\\ud83d\\ude00|\\ud800|1|-|0|.|e+5|true|null| |\r\n\
    |/*|//|[]|{}|\u{e9}|\u{1F600}|\u{feff}|\0|\u{1}|<";
const XML: &str = "<|>|/>|</|\"|'|=| |\r\n|\t|<a>|</a>|<a/>|<b c='d'/>|&|;|&amp;|&#32;|&#10;|&#x1F600;|&#0;|&e;\
    |<!--|-->|<!-- -->|<![CDATA[|]]>|<![CDATA[ ]]>|<?p ?>|<?xml version='1.0'?>|<!DOCTYPE a>| xmlns='u'\
    | xmlns=''| xmlns:p='u'| xmlns:q='v'|p:|q:|xml:|x|\u{e9}|\u{fffe}|\0|{";

/// A small generator with a fixed seed (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound.max(1) as u64).unwrap_or(0)
    }

    fn range(&mut self, length: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        let end = start + self.below(24);
        start..end.min(length)
    }
}

/// One to six changes.
fn mutate(seeds: &[Vec<u8>], pieces: &[&str], random: &mut Random) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(6) {
        let range = random.range(bytes.len());
        let at = range.start;
        match random.below(10) {
            0..=3 => {
                let piece = pieces[random.below(pieces.len())];
                bytes.splice(at..at, piece.bytes());
            }
            4 => drop(bytes.drain(range)),
            5 => {
                let copy = bytes[range].to_vec();
                let to = random.below(bytes.len() + 1);
                bytes.splice(to..to, copy);
            }
            6 => {
                let other = &seeds[random.below(seeds.len())];
                let part = other[random.range(other.len())].to_vec();
                bytes.splice(range, part);
            }
            7 if !range.is_empty() => bytes[at] ^= 1 << random.below(8),
            8 if random.below(4) == 0 => bytes.truncate(at),
            _ if !range.is_empty() => {
                bytes[at] = u8::try_from(random.below(256)).unwrap_or(0);
            }
            _ => {}
        }
    }
    bytes
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [syntax, minutes, seed, out] = arguments.as_slice() else {
        return Err(
            "give a syntax (json or xml), minutes, a seed, and a folder for what breaks".into(),
        );
    };
    let (syntax, pieces) = match syntax.as_str() {
        "json" => (Syntax::Json, JSON),
        "xml" => (Syntax::Xml, XML),
        other => return Err(format!("`{other}` is neither json nor xml").into()),
    };
    let pieces: Vec<&str> = pieces.split('|').collect();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut seeds = Vec::new();
    for entry in std::fs::read_dir(corpus.join(&arguments[0]))? {
        let bytes = std::fs::read(entry?.path())?;
        if bytes.len() < 4_000 {
            seeds.push(bytes);
        }
    }
    // The order of a folder is not fixed, that of the changes must be.
    seeds.sort();
    let mut random = Random(seed.parse::<u64>()?.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let limits = Limits {
        max_depth: 64,
        ..Limits::default()
    };
    let until = Instant::now() + Duration::from_secs_f64(60.0 * minutes.parse::<f64>()?);
    let (mut tried, mut readable, mut broken) = (0_u64, 0_u64, 0_u64);
    std::fs::create_dir_all(out)?;
    while Instant::now() < until && broken < 20 {
        let bytes = mutate(&seeds, &pieces, &mut random);
        tried += 1;
        let result = catch_unwind(AssertUnwindSafe(|| {
            properties::check(&bytes, &limits).map(|found| found == Some(syntax))
        }));
        let problem = match result {
            Ok(Ok(read)) => {
                readable += u64::from(read);
                // What can still be read is a good start for more.
                if read && bytes.len() < 4_000 && random.below(200) == 0 && seeds.len() < 2_000 {
                    seeds.push(bytes);
                }
                continue;
            }
            Ok(Err(problem)) => problem,
            Err(_) => "a panic".to_owned(),
        };
        broken += 1;
        let file = Path::new(out).join(format!("broken-{broken}.{}", arguments[0]));
        std::fs::write(&file, &bytes)?;
        println!("{}: {problem}", file.display());
    }
    println!("{tried} tried, {readable} could be read, {broken} broke");
    if broken == 0 {
        Ok(())
    } else {
        Err("something broke".into())
    }
}
