//! Which results are wanted. Always of one kind, so that kinds are never mixed.

use plumbline_benchmark::{Day, OrganisationCode, ResultKind, StoredRun};
use plumbline_model::PackId;

/// Which results are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The kind; there is no query over kinds.
    pub kind: ResultKind,
    /// Of this organisation only.
    pub organisation: Option<OrganisationCode>,
    /// Of this pack only.
    pub pack: Option<PackId>,
    /// Started on this day or later.
    pub from: Option<Day>,
    /// Started on this day or earlier.
    pub to: Option<Day>,
}

impl Query {
    /// Every result of a kind.
    pub const fn all(kind: ResultKind) -> Self {
        Self {
            kind,
            organisation: None,
            pack: None,
            from: None,
            to: None,
        }
    }

    /// Whether a result is wanted.
    pub fn wants(&self, run: &StoredRun) -> bool {
        let organisation = self.organisation.as_ref().map(OrganisationCode::as_str);
        run.kind == self.kind
            && organisation.is_none_or(|code| run.subject.ods_code.as_deref() == Some(code))
            && self.pack.as_ref().is_none_or(|pack| run.pack.id == *pack)
            && self.from.is_none_or(|day| run.started >= day)
            && self.to.is_none_or(|day| run.started <= day)
    }
}
