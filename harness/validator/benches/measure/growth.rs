//! Whether whole validation stays linear: the time an entry takes in bundles of growing size, without and with reading.
//! Not for the memory that it takes.

use crate::UK_CORE;
use crate::own::own_time;
use plumbline_fhir::Options;
use plumbline_tree::{Limits, Tree};
use plumbline_validator::Validator;
use std::hint::black_box;

/// How many entries the bundles have; the second is what the others are compared with.
const SIZES: [usize; 4] = [100, 1000, 10_000, 100_000];
const COMPARED: usize = 1;

/// How many times all are measured, by turns.
const TURNS: usize = 9;

/// How many entries are judged at least, for one time of one bundle.
const LEAST: usize = 100_000;

/// A bundle of so many patients and observations that refer to them; of `claims` each patient claims a profile.
pub fn bundle(entries: usize, claims: Option<&str>) -> String {
    let meta = claims.map_or(String::new(), |it| {
        format!(r#""meta":{{"profile":["{UK_CORE}{it}"]}},"#)
    });
    let entry = |at: usize| {
        if at.is_multiple_of(2) {
            format!(
                r#"{{"fullUrl":"https://example.org/fhir/Patient/{at}","resource":{{"resourceType":"Patient","id":"{at}",{meta}"active":true,"name":[{{"use":"official","family":"Example","given":["Anna"]}}],"gender":"female","birthDate":"1970-01-01","managingOrganization":{{"reference":"Organization/1"}}}},"search":{{"mode":"match"}}}}"#
            )
        } else {
            format!(
                r#"{{"fullUrl":"https://example.org/fhir/Observation/{at}","resource":{{"resourceType":"Observation","id":"{at}","status":"final","code":{{"coding":[{{"system":"http://loinc.org","code":"718-7"}}]}},"subject":{{"reference":"Patient/{}"}},"effectiveDateTime":"2020-01-01T10:00:00Z","valueQuantity":{{"value":141.5,"unit":"g/L","system":"http://unitsofmeasure.org","code":"g/L"}}}},"search":{{"mode":"match"}}}}"#,
                at - 1
            )
        }
    };
    let entries: Vec<String> = (0..entries).map(entry).collect();
    format!(
        r#"{{"resourceType":"Bundle","type":"searchset","entry":[{}]}}"#,
        entries.join(",")
    )
}

/// What is measured of a bundle, in the order of [`SIZES`]: microseconds an entry, a time for each turn.
type Times = [Vec<f64>; SIZES.len()];

/// Prints what an entry takes in bundles of growing size; of `claims` each patient claims a profile. All are measured
/// by turns, so that what else the machine does falls on all of them.
pub fn growth(validator: &Validator, claims: Option<&str>) {
    let what = claims.unwrap_or("no profile");
    let bodies = SIZES.map(|it| bundle(it, claims).into_bytes());
    let trees = bodies.clone().map(tree);
    let mut without = Times::default();
    let mut with = Times::default();
    for _ in 0..TURNS {
        for (at, entries) in SIZES.into_iter().enumerate() {
            let rounds = LEAST.div_ceil(entries);
            let each = |it: std::time::Duration| it.as_secs_f64() * 1e6 / small(entries);
            let judge = |tree: &Tree| {
                black_box(validator.judge(black_box(tree), &[], &Options::default()));
            };
            without[at].push(each(own_time(rounds, || judge(&trees[at]))));
            // To read takes the body, so that there must be one for each time.
            let mut copies = vec![bodies[at].clone(); rounds];
            let read = || copies.pop().into_iter().for_each(|it| judge(&tree(it)));
            with[at].push(each(own_time(rounds, read)));
        }
    }
    for (name, times) in [("without reading", without), ("with reading", with)] {
        for (entries, own) in SIZES.into_iter().zip(&times) {
            let ratios = own.iter().zip(&times[COMPARED]);
            let (ratio, least, most) = median(ratios.map(|(own, other)| own / other));
            println!(
                "Bundle of {entries:6} entries, {what}, {name}: {:5.2} us an entry, {ratio:.2} ({least:.2} to {most:.2}) of that of {}",
                median(own.iter().copied()).0,
                SIZES[COMPARED],
            );
        }
    }
}

fn tree(body: Vec<u8>) -> Tree {
    Tree::parse(body, &Limits::default()).unwrap()
}

fn small(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}

/// The median, the least and the greatest.
fn median(all: impl Iterator<Item = f64>) -> (f64, f64, f64) {
    let mut all: Vec<f64> = all.collect();
    all.sort_by(f64::total_cmp);
    (all[all.len() / 2], all[0], all[all.len() - 1])
}
