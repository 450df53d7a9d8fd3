//! Codes that were met in a list. Not whether they exist.

use super::rules::CODE_DUPLICATE;
use crate::named::shown;
use crate::place::Place;
use crate::report::Report;
use std::collections::BTreeSet;

/// Codes with their systems and versions.
#[derive(Debug, Default)]
pub(super) struct Seen<'a>(BTreeSet<(&'a str, Option<&'a str>, &'a str)>);

impl<'a> Seen<'a> {
    /// Judges one more element with a code.
    pub(super) fn add(
        &mut self,
        at: &Place<'a>,
        system: &'a str,
        version: Option<&'a str>,
        report: &mut Report,
    ) {
        let Some(code) = at.word("code") else {
            return;
        };
        if !self.0.insert((system, version, code)) {
            let code = shown(code);
            report.add(&CODE_DUPLICATE, at, &[code], "each code once", "twice");
        }
    }
}
