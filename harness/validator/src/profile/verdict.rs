//! What is said of each profile: whether it was checked, and if not, why. Not the issues.

use super::compiled::Profile;
use super::shown_address;
use std::sync::Arc;

/// Who asked for a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The caller.
    Requested,
    /// The resource, in `meta.profile`.
    Claimed,
    /// Nobody: the specification has it hold for the code of the resource, or an `ImplementationGuide` for its type.
    Implied,
    /// Another profile: for a datatype, or for what a reference leads to.
    Named,
}

/// Whether a profile was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileState {
    /// It was.
    Checked {
        /// Parts of it that were not, and why: of its differential what does not fit its base.
        not_checked: Vec<String>,
    },
    /// It was not, and why: a fragment of a sentence.
    NotChecked(String),
}

/// A profile, and whether it was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileCheck {
    /// Its canonical address as it was asked for; `…` for what is no address and may not be shown.
    pub url: String,
    /// The version of the definition that was used, if it has one.
    pub version: Option<String>,
    /// Who asked.
    pub origin: Origin,
    /// Where the first resource stands that it was asked for; empty for [`Origin::Named`].
    pub path: String,
    /// How many resources it was asked for.
    pub count: u64,
    /// Whether it was checked.
    pub state: ProfileState,
}

impl ProfileCheck {
    /// Why it was not checked; `None` if it was.
    pub fn reason(&self) -> Option<&str> {
        match &self.state {
            ProfileState::Checked { .. } => None,
            ProfileState::NotChecked(reason) => Some(reason),
        }
    }
}

pub(super) fn check(
    origin: Origin,
    canonical: &str,
    found: &Result<Arc<Profile>, String>,
    path: String,
) -> ProfileCheck {
    let state = match found {
        Ok(profile) => ProfileState::Checked {
            not_checked: profile.problems.clone(),
        },
        Err(reason) => ProfileState::NotChecked(reason.clone()),
    };
    ProfileCheck {
        url: shown_address(canonical).to_owned(),
        version: found.as_ref().ok().and_then(|it| it.version.clone()),
        origin,
        path,
        count: 0,
        state,
    }
}

/// A profile that another one names.
pub(super) fn not_checked(url: String, reason: String) -> ProfileCheck {
    ProfileCheck {
        url,
        version: None,
        origin: Origin::Named,
        path: String::new(),
        count: 1,
        state: ProfileState::NotChecked(reason),
    }
}
