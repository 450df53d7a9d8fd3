//! Reads what a hospital holds about a stay: the table `[discharge]` of a synthetic person.
//! Not for what a discharge summary must say about it, which the content rules of the pack do.

use crate::people::{check_code, read_address};
use crate::source::Source;
use crate::toml_reader::{At, Reader};
use plumbline_model::discharge::{
    ClinicalFact, ClinicianFact, CodedFact, DischargeFacts, MEDICINE_CHANGES, MedicineFact,
    NarrativeFact, OrganisationFact, StayFact,
};

/// The facts, if every one of them can be read.
pub(crate) fn read(mut table: Reader<'_, '_>) -> Option<DischargeFacts> {
    let completed = moment(&mut table, "completed");
    let stay = table.table("stay").and_then(read_stay);
    let author = table.table("author").and_then(read_author);
    let hospital = table.table("hospital").and_then(read_organisation);
    let gp_name = table.text("gp_name");
    let gp_practice = table.table("gp_practice").and_then(read_organisation);
    let diagnoses = all(table.some_tables("diagnoses"), read_clinical);
    let procedures = all(table.tables("procedures"), read_clinical);
    let medicines = all(table.tables("medicines"), read_medicine);
    let narrative = all(table.some_tables("narrative"), read_narrative);
    table.finish();
    Some(DischargeFacts {
        completed: completed?,
        stay: stay?,
        author: author?,
        hospital: hospital?,
        gp_name: gp_name?.value,
        gp_practice: gp_practice?,
        diagnoses: diagnoses?,
        procedures: procedures?,
        medicines: medicines?,
        narrative: narrative?,
    })
}

fn all<'r, 's, T>(
    tables: Vec<Reader<'r, 's>>,
    read: impl Fn(Reader<'r, 's>) -> Option<T>,
) -> Option<Vec<T>> {
    // Every table is read, so that each reports what is wrong with it.
    let read: Vec<Option<T>> = tables.into_iter().map(read).collect();
    read.into_iter().collect()
}

fn read_stay(mut table: Reader<'_, '_>) -> Option<StayFact> {
    let admitted = moment(&mut table, "admitted");
    let discharged_range = table.key_range("discharged");
    let discharged = moment(&mut table, "discharged");
    if let (Some(admitted), Some(discharged)) = (&admitted, &discharged)
        && discharged < admitted
    {
        // Moments of this form sort as texts while their offset is the same.
        table.source.error(
            discharged_range,
            "`discharged` is before `admitted`",
            "write the time at which the stay ended, or swap the two",
        );
    }
    let reason = table.text("reason");
    let method = table.table("method").and_then(read_coded);
    let source = table.table("source").and_then(read_coded);
    let destination = table.table("destination").and_then(read_coded);
    let discharge_method = table.text("discharge_method");
    let ward = table.text("ward");
    let has_address = table.has("address");
    let address = table.opt_table("address").and_then(read_address);
    table.finish();
    if has_address && address.is_none() {
        return None;
    }
    Some(StayFact {
        admitted: admitted?,
        discharged: discharged?,
        reason: reason?.value,
        method: method?,
        source: source?,
        destination: destination?,
        discharge_method: discharge_method?.value,
        ward: ward?.value,
        address,
    })
}

fn read_author(mut table: Reader<'_, '_>) -> Option<ClinicianFact> {
    let prefix = table.text("prefix");
    let given = table.text("given");
    let family = table.text("family");
    let role = table.table("role").and_then(read_coded);
    let specialty = table.table("specialty").and_then(read_snomed);
    let care_setting = table.table("care_setting").and_then(read_snomed);
    let gmc = table.text("gmc");
    table.finish();
    Some(ClinicianFact {
        prefix: prefix?.value,
        given: given?.value,
        family: family?.value,
        role: role?,
        specialty: specialty?,
        care_setting: care_setting?,
        gmc: gmc?.value,
    })
}

fn read_organisation(mut table: Reader<'_, '_>) -> Option<OrganisationFact> {
    let name = table.text("name");
    let ods = table.text("ods");
    if let Some(ods) = &ods {
        check_ods(table.source, ods);
    }
    let address = table.table("address").and_then(read_address);
    table.finish();
    Some(OrganisationFact {
        name: name?.value,
        ods: ods?.value,
        address: address?,
    })
}

/// Organisations of ours have codes that begin with Z, and are not issued.
fn check_ods(source: &Source<'_>, ods: &At<String>) {
    let letters = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase();
    let fits = (3..=9).contains(&ods.value.len()) && ods.value.chars().all(letters);
    if !fits || !ods.value.starts_with('Z') {
        source.error(
            ods.range.clone(),
            "the ODS code could be that of an organisation",
            "write a code that begins with Z9 or ZZ and is not issued, such as ZZ001 or Z99901",
        );
    }
}

fn read_coded(mut table: Reader<'_, '_>) -> Option<CodedFact> {
    let code = table.text("code");
    let display = table.text("display");
    table.finish();
    Some(CodedFact {
        code: code?.value,
        display: display?.value,
    })
}

fn read_snomed(mut table: Reader<'_, '_>) -> Option<CodedFact> {
    let code = table.text("code");
    check_code(table.source, code.as_ref());
    let display = table.text("display");
    table.finish();
    Some(CodedFact {
        code: code?.value,
        display: display?.value,
    })
}

fn read_clinical(mut table: Reader<'_, '_>) -> Option<ClinicalFact> {
    let code = table.text("code");
    check_code(table.source, code.as_ref());
    let display = table.text("display");
    let date = table.text("date");
    let date = table.checked_date("date", date);
    let comment = table.opt_text("comment").map(|t| t.value);
    table.finish();
    Some(ClinicalFact {
        code: code?.value,
        display: display?.value,
        date: date?,
        comment,
    })
}

fn read_medicine(mut table: Reader<'_, '_>) -> Option<MedicineFact> {
    let code = table.text("code");
    check_code(table.source, code.as_ref());
    let display = table.text("display");
    let dose = table.opt_text("dose").map(|t| t.value);
    let change = table.word("change", MEDICINE_CHANGES);
    let reason = table.opt_text("reason").map(|t| t.value);
    let changed = table.opt_text("changed");
    let changed = table.checked_date("changed", changed);
    table.finish();
    Some(MedicineFact {
        code: code?.value,
        display: display?.value,
        dose,
        change: change?.value,
        reason,
        changed,
    })
}

fn read_narrative(mut table: Reader<'_, '_>) -> Option<NarrativeFact> {
    let section = table.text("section");
    let item = table.text("item");
    let text = table.text("text");
    table.finish();
    Some(NarrativeFact {
        section: section?.value,
        item: item?.value,
        text: text?.value,
    })
}

/// Date, time to the second and offset from UTC.
fn moment(table: &mut Reader<'_, '_>, key: &str) -> Option<String> {
    let at = table.text(key)?;
    let shape: String = at
        .value
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    let day = at.value.get(..10).unwrap_or_default().to_owned();
    if !["0000-00-00T00:00:00+00:00", "0000-00-00T00:00:00Z"].contains(&shape.as_str()) {
        table.source.error(
            at.range.clone(),
            format!("`{key}` is not a date and time with its offset from UTC"),
            "write it as 2026-02-09T15:10:00+00:00",
        );
        return None;
    }
    let day = At {
        value: day,
        range: at.range,
    };
    table.checked_date(key, Some(day))?;
    Some(at.value)
}
