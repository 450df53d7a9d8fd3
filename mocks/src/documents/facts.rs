//! What a hospital holds about a stay: the table `[discharge]` of a person's file.
//! Not for the document that tells it.

use crate::people::Address;
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Discharge {
    pub(crate) completed: String,
    pub(crate) stay: Stay,
    pub(crate) author: Clinician,
    pub(crate) hospital: Organisation,
    pub(crate) gp_name: String,
    pub(crate) gp_practice: Organisation,
    pub(crate) diagnoses: Vec<Clinical>,
    #[serde(default)]
    pub(crate) procedures: Vec<Clinical>,
    #[serde(default)]
    pub(crate) medicines: Vec<Medicine>,
    pub(crate) narrative: Vec<Narrative>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Coded {
    pub(crate) code: String,
    pub(crate) display: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stay {
    pub(crate) admitted: String,
    pub(crate) discharged: String,
    pub(crate) reason: String,
    pub(crate) method: Coded,
    pub(crate) source: Coded,
    pub(crate) destination: Coded,
    pub(crate) discharge_method: String,
    pub(crate) ward: String,
    /// Where the person went, if it is not the usual address.
    pub(crate) address: Option<Address>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Clinician {
    pub(crate) prefix: String,
    pub(crate) given: String,
    pub(crate) family: String,
    pub(crate) role: Coded,
    pub(crate) specialty: Coded,
    pub(crate) care_setting: Coded,
    pub(crate) gmc: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Organisation {
    pub(crate) name: String,
    pub(crate) ods: String,
    pub(crate) address: Address,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Clinical {
    pub(crate) code: String,
    pub(crate) display: String,
    pub(crate) date: String,
    pub(crate) comment: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Medicine {
    pub(crate) code: String,
    pub(crate) display: String,
    pub(crate) dose: Option<String>,
    pub(crate) change: Change,
    pub(crate) reason: Option<String>,
    pub(crate) changed: Option<String>,
}

/// What happened to a medicine during the stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Change {
    Continued,
    Added,
    Amended,
    OnHold,
    Stopped,
}

/// Something that is told in words, under one heading.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Narrative {
    pub(crate) section: String,
    pub(crate) item: String,
    pub(crate) text: String,
}
