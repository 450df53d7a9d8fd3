//! What a hospital holds about one stay of a synthetic person: the facts that a discharge summary tells.
//! Read from scenarios/_people by `pack`; not the summary itself, and not for real patients, ever.

use crate::facts::Address;
use serde::{Deserialize, Serialize};

/// The table `[discharge]` of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DischargeFacts {
    /// When the summary was completed: date and time with its offset from UTC.
    pub completed: String,
    /// The stay in hospital.
    pub stay: StayFact,
    /// Who completed the summary, and whose patient the person was.
    pub author: ClinicianFact,
    /// Where.
    pub hospital: OrganisationFact,
    /// The general practitioner's name, as written.
    pub gp_name: String,
    /// The practice where the person is registered.
    pub gp_practice: OrganisationFact,
    /// Confirmed diagnoses.
    pub diagnoses: Vec<ClinicalFact>,
    /// What was done.
    pub procedures: Vec<ClinicalFact>,
    /// Medicines at discharge, and those that were stopped.
    pub medicines: Vec<MedicineFact>,
    /// What is told in words alone.
    pub narrative: Vec<NarrativeFact>,
}

/// A code with its description.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodedFact {
    /// The code; its code system goes with the place where it stands.
    pub code: String,
    /// Its description.
    pub display: String,
}

/// From admission to discharge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StayFact {
    /// Date and time of admission.
    pub admitted: String,
    /// Date and time of discharge.
    pub discharged: String,
    /// Why, as text.
    pub reason: String,
    /// NHS Data Dictionary: admission method.
    pub method: CodedFact,
    /// NHS Data Dictionary: source of admission.
    pub source: CodedFact,
    /// NHS Data Dictionary: discharge destination.
    pub destination: CodedFact,
    /// NHS Data Dictionary: discharge method; sent as text alone.
    pub discharge_method: String,
    /// The ward.
    pub ward: String,
    /// Where the person went, if it is not the usual address.
    pub address: Option<Address>,
}

/// Somebody who looks after patients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClinicianFact {
    /// Title.
    pub prefix: String,
    /// Given name.
    pub given: String,
    /// Family name.
    pub family: String,
    /// SDS job role.
    pub role: CodedFact,
    /// SNOMED CT: the specialty.
    pub specialty: CodedFact,
    /// SNOMED CT: the care setting of the document.
    pub care_setting: CodedFact,
    /// GMC number; of nobody.
    pub gmc: String,
}

/// An organisation that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationFact {
    /// Name.
    pub name: String,
    /// ODS code that is not issued.
    pub ods: String,
    /// Postal address in the unissued ZZ99 area.
    pub address: Address,
}

/// A diagnosis or a procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClinicalFact {
    /// SNOMED CT concept.
    pub code: String,
    /// Its description.
    pub display: String,
    /// `YYYY-MM-DD`.
    pub date: String,
    /// More about it, as text.
    pub comment: Option<String>,
}

/// A medicine at discharge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MedicineFact {
    /// dm+d code.
    pub code: String,
    /// Its description.
    pub display: String,
    /// Dose, as text.
    pub dose: Option<String>,
    /// What happened to it during the stay: one of [`MEDICINE_CHANGES`].
    pub change: String,
    /// Why it was changed, as text.
    pub reason: Option<String>,
    /// `YYYY-MM-DD`: when it was changed.
    pub changed: Option<String>,
}

impl MedicineFact {
    /// Whether the person no longer takes it.
    pub fn is_stopped(&self) -> bool {
        self.change == "stopped"
    }
}

/// What can happen to a medicine during a stay.
pub const MEDICINE_CHANGES: &[&str] = &["continued", "added", "amended", "on-hold", "stopped"];

/// Something that is told in words, under one heading of the standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NarrativeFact {
    /// The section, by its title in the standard, such as `Social context`.
    pub section: String,
    /// The item of the section, by its name in the standard.
    pub item: String,
    /// The words.
    pub text: String,
}
