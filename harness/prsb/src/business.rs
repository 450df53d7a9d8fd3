//! The predicates of business rules: what many rules share, by parameters from their rows.
//! Not for sections and items, and no rule is written here: rows choose a predicate and give its parameters.

mod forms;
mod paths;
mod patient;
mod text;
mod whole;

use crate::coded::{Named, Walked};
use crate::document::{Base, Document};
use crate::heading::SNOMED;
use crate::locator::{Found, Path};
use crate::recognise::Version;
use crate::rule::Business;
use crate::sheet::Sheet;
use crate::view::El;
use std::cell::OnceCell;

/// A predicate. Rows name it by the word of [`Predicate::WORDS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Predicate {
    /// The paths lead to nothing.
    Absent,
    /// Every code at the paths is one of the values.
    CodeIn,
    /// Each resource at the first path has, at the second, one of the values; a value `system#code` is of that system.
    CodeDemanded,
    /// No code at the paths is one of the values.
    CodeNotIn,
    /// Each resource at the first path has something at the second.
    Present,
    /// Where a code at the first path is one of the values, the second has text.
    CodedNeedsText,
    /// What the paths hold is in the text of the section.
    TextInNarrative,
    /// The identifiers at the paths are not in the text of the section, nor any sub-heading of the values.
    NotInNarrative,
    /// What stands under the first value as sub-heading is one of the other values.
    LabelContentIn,
    /// What stands under the sub-heading agrees with the code at the path; values are `code=text`.
    LabelAgrees,
    /// The elements at the two paths differ.
    Differ,
    /// References lead somewhere.
    ReferencesResolve,
    /// What the sections lead to is about the patient of the document.
    OnePatient,
    /// A replacing document names what it replaces.
    Replaces,
    /// Attachments are of the media types of the values.
    AttachmentTypes,
    /// Attachments are base64.
    AttachmentCoded,
    /// The document is no longer than the value, in bytes.
    MostBytes,
    /// The first value stands in the text at the path.
    TextHolds,
    /// Identifiers of the systems of the values are of this form.
    NhsNumber,
    /// The NHS number was traced: the code at the path is one of the values.
    Traced,
    /// Codes of SNOMED CT are concepts by form and check digit.
    Snomed,
    /// Codes of dm+d are of its form.
    Dmd,
    /// ODS codes are of their form.
    Ods,
    /// The ODS code at the path has the form of a general practice.
    PracticeCode,
    /// Numbers of professional registers are of their form.
    Professional,
    /// Identifiers of SDS are digits.
    Sds,
    /// Codes of ICD-10 are of their form.
    Icd10,
    /// Postcodes are of their form.
    Postcode,
    /// No code or identifier is of a system of the values.
    NoSystem,
}

impl Predicate {
    /// The word of rows for each.
    pub const WORDS: &'static [(&'static str, Self)] = &[
        ("absent", Self::Absent),
        ("code-in", Self::CodeIn),
        ("code-demanded", Self::CodeDemanded),
        ("code-not-in", Self::CodeNotIn),
        ("present", Self::Present),
        ("coded-needs-text", Self::CodedNeedsText),
        ("text-in-narrative", Self::TextInNarrative),
        ("not-in-narrative", Self::NotInNarrative),
        ("label-content-in", Self::LabelContentIn),
        ("label-agrees", Self::LabelAgrees),
        ("differ", Self::Differ),
        ("references-resolve", Self::ReferencesResolve),
        ("one-patient", Self::OnePatient),
        ("replaces", Self::Replaces),
        ("attachment-types", Self::AttachmentTypes),
        ("attachment-coded", Self::AttachmentCoded),
        ("most-bytes", Self::MostBytes),
        ("text-holds", Self::TextHolds),
        ("nhs-number", Self::NhsNumber),
        ("traced", Self::Traced),
        ("snomed", Self::Snomed),
        ("dmd", Self::Dmd),
        ("ods", Self::Ods),
        ("practice-code", Self::PracticeCode),
        ("professional", Self::Professional),
        ("sds", Self::Sds),
        ("icd-10", Self::Icd10),
        ("postcode", Self::Postcode),
        ("no-system", Self::NoSystem),
    ];

    /// How many paths and values it needs: at least so many of each.
    const fn needs(self) -> (usize, usize) {
        match self {
            Self::Absent | Self::TextInNarrative | Self::PracticeCode | Self::NotInNarrative => {
                (1, 0)
            }
            Self::CodeIn | Self::CodeNotIn | Self::Traced | Self::TextHolds => (1, 1),
            Self::Present | Self::Differ => (2, 0),
            Self::CodedNeedsText | Self::CodeDemanded => (2, 1),
            Self::LabelContentIn => (0, 2),
            Self::LabelAgrees => (1, 2),
            Self::AttachmentTypes
            | Self::MostBytes
            | Self::NoSystem
            | Self::NhsNumber
            | Self::Ods
            | Self::Professional
            | Self::Sds => (0, 1),
            Self::ReferencesResolve
            | Self::OnePatient
            | Self::Replaces
            | Self::AttachmentCoded
            | Self::Snomed
            | Self::Dmd
            | Self::Icd10
            | Self::Postcode => (0, 0),
        }
    }

    /// Whether it looks only at the form of codes and identifiers, wherever they are.
    pub(crate) const fn is_of_form(self) -> bool {
        match self {
            Self::NhsNumber
            | Self::Snomed
            | Self::Dmd
            | Self::Ods
            | Self::Professional
            | Self::Sds
            | Self::Icd10
            | Self::Postcode
            | Self::PracticeCode
            | Self::NoSystem => true,
            Self::Absent
            | Self::CodeIn
            | Self::CodeDemanded
            | Self::CodeNotIn
            | Self::Present
            | Self::CodedNeedsText
            | Self::TextInNarrative
            | Self::NotInNarrative
            | Self::LabelContentIn
            | Self::LabelAgrees
            | Self::Differ
            | Self::ReferencesResolve
            | Self::OnePatient
            | Self::Replaces
            | Self::AttachmentTypes
            | Self::AttachmentCoded
            | Self::MostBytes
            | Self::TextHolds
            | Self::Traced => false,
        }
    }

    /// What a row lacks that the predicate needs, in our words.
    pub(crate) fn lacks(self, stu3: &[Path], r4: &[Path], values: &[String]) -> Option<String> {
        let (paths, wanted) = self.needs();
        let is_short = |given: &[Path]| !given.is_empty() && given.len() < paths;
        if paths > 0 && stu3.is_empty() && r4.is_empty() || is_short(stu3) || is_short(r4) {
            return Some(format!(
                "this predicate needs {paths} paths in `stu3` or `r4`"
            ));
        }
        let bytes = values.first().and_then(|it| it.parse::<usize>().ok());
        if self == Self::MostBytes && bytes.is_none() {
            return Some("`values` has to be a number of bytes".to_owned());
        }
        (values.len() < wanted).then(|| format!("this predicate needs {wanted} values"))
    }
}

/// What all rules of one document share.
pub(crate) struct Shared<'a, 't> {
    pub(crate) document: &'a Document<'t>,
    pub(crate) version: Version,
    walked: OnceCell<Walked<'t>>,
}

impl<'a, 't> Shared<'a, 't> {
    pub(crate) fn new(document: &'a Document<'t>, version: Version) -> Self {
        Self {
            document,
            version,
            walked: OnceCell::new(),
        }
    }

    /// What one walk over the document found.
    fn walked(&self) -> &Walked<'t> {
        self.walked
            .get_or_init(|| crate::coded::walk(self.document.tree))
    }

    /// Everything in the document that has a system.
    pub(crate) fn named(&self) -> &[Named<'t>] {
        &self.walked().named
    }

    /// The texts of all references, in order of place.
    pub(crate) fn references(&self) -> &[El<'t>] {
        &self.walked().references
    }
}

/// One rule under judgement.
pub(crate) struct Case<'a, 't> {
    pub(crate) shared: &'a Shared<'a, 't>,
    pub(crate) section: &'a str,
    pub(crate) paths: &'a [Path],
    pub(crate) values: &'a [String],
}

impl<'t> Case<'_, 't> {
    pub(crate) fn document(&self) -> &Document<'t> {
        self.shared.document
    }

    /// Where paths begin: in what each section of the rule leads to, or anywhere.
    pub(crate) fn bases(&self) -> Vec<Base<'_, 't>> {
        let document = self.document();
        if self.section.is_empty() {
            return vec![Base::All];
        }
        document.under(self.section).map(Base::Of).collect()
    }

    /// Everything that a path leads to from there.
    pub(crate) fn find(&self, path: &Path) -> Vec<Found<'t>> {
        let bases = self.bases().into_iter();
        bases
            .flat_map(|base| path.find(self.document(), base))
            .collect()
    }

    pub(crate) fn has_value(&self, text: &str) -> bool {
        self.values.iter().any(|value| value == text)
    }
}

pub(crate) fn judge(sheet: &mut Sheet<'_>, shared: &Shared<'_, '_>, rule: &Business) {
    let (paths, other) = match shared.version {
        Version::Stu3 => (&rule.stu3, &rule.r4),
        Version::R4 => (&rule.r4, &rule.stu3),
    };
    if paths.is_empty() && !other.is_empty() {
        let version = shared.version.name();
        return sheet.cannot(format!("the source does not speak of {version} documents"));
    }
    let section = sheet.rule().section.clone();
    let case = Case {
        shared,
        section: &section,
        paths,
        values: &rule.values,
    };
    match rule.predicate {
        Predicate::Absent => paths::absent(sheet, &case),
        Predicate::CodeIn => paths::code_in(sheet, &case),
        Predicate::CodeDemanded => paths::code_demanded(sheet, &case),
        Predicate::CodeNotIn => paths::code_not_in(sheet, &case),
        Predicate::Present => paths::present(sheet, &case),
        Predicate::CodedNeedsText => paths::coded_needs_text(sheet, &case),
        Predicate::Differ => paths::differ(sheet, &case),
        Predicate::TextHolds => paths::text_holds(sheet, &case),
        Predicate::Traced => paths::traced(sheet, &case),
        Predicate::TextInNarrative => text::in_narrative(sheet, &case),
        Predicate::NotInNarrative => text::not_in_narrative(sheet, &case),
        Predicate::LabelContentIn => text::label_content_in(sheet, &case),
        Predicate::LabelAgrees => text::label_agrees(sheet, &case),
        Predicate::ReferencesResolve => whole::references_resolve(sheet, &case),
        Predicate::OnePatient => patient::is_one(sheet, &case),
        Predicate::Replaces => whole::replaces(sheet, &case),
        Predicate::AttachmentTypes => whole::attachment_types(sheet, &case),
        Predicate::AttachmentCoded => whole::attachment_coded(sheet, &case),
        Predicate::MostBytes => whole::most_bytes(sheet, &case),
        Predicate::NhsNumber => forms::nhs_number(sheet, &case),
        Predicate::Snomed => forms::snomed(sheet, &case, &[SNOMED]),
        Predicate::Dmd => forms::snomed(sheet, &case, &[crate::coded::DMD]),
        Predicate::Ods => forms::ods(sheet, &case),
        Predicate::PracticeCode => forms::practice_code(sheet, &case),
        Predicate::Professional => forms::professional(sheet, &case),
        Predicate::Sds => forms::sds(sheet, &case),
        Predicate::Icd10 => forms::icd10(sheet, &case),
        Predicate::Postcode => forms::postcode(sheet, &case),
        Predicate::NoSystem => forms::no_system(sheet, &case),
    }
}

/// Writes down something wrong under a rule of business.
pub(crate) fn wrong(
    sheet: &mut Sheet<'_>,
    code: &'static str,
    at: crate::view::El<'_>,
    expected: &str,
    actual: &str,
) {
    let rule = sheet.rule();
    let section = if rule.section.is_empty() {
        String::new()
    } else {
        format!("{}: ", rule.section_title)
    };
    sheet.wrong(
        at,
        crate::sheet::Wrong {
            code,
            severity: rule.severity,
            message: format!("{section}{}: this is not so", rule.title),
            expected,
            actual,
        },
    );
}
