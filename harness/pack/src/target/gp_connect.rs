//! [auth] with the method gp-connect: who asks, as the headers and the token of GP Connect say it.
//! Not for making them, and not for secrets: there are none.
//!
//! Everybody named by default is made up.

use crate::toml_reader::Reader;
use plumbline_model::{GpConnect, GpConnectDevice, GpConnectOrganisation, GpConnectPractitioner};

const REASONS: &[&str] = &["directcare", "migration"];
/// Ids of a smartcard that nobody has. `UNK` stands for those of a person without one.
const USER: &str = "555000000009";
const ROLE: &str = "555000000008";

/// Reads the keys of this method; the caller has marked them.
pub(super) fn read_gp_connect(table: &mut Reader<'_, '_>) -> Option<GpConnect> {
    let (from_asid, to_asid) = (asid(table, "from_asid"), asid(table, "to_asid"));
    let issuer = text(table, "issuer", "https://plumbline.example");
    let audience = if table.has("audience") {
        Some(table.text("audience")?.value)
    } else {
        None
    };
    let reason = if table.has("reason") {
        table.word("reason", REASONS)?.value
    } else {
        REASONS[0].to_owned()
    };
    let mut organisation = table.opt_table("organisation");
    let mut practitioner = table.opt_table("practitioner");
    let mut device = table.opt_table("device");
    let read = GpConnect {
        from_asid: from_asid?,
        to_asid: to_asid?,
        issuer,
        audience,
        reason,
        organisation: GpConnectOrganisation {
            ods_code: inner(&mut organisation, "ods_code", "ZZ999"),
            name: inner(&mut organisation, "name", "Plumbline test organisation"),
        },
        practitioner: GpConnectPractitioner {
            id: inner(&mut practitioner, "id", "plumbline-tester"),
            sds_user_id: inner(&mut practitioner, "sds_user_id", USER),
            sds_role_profile_id: inner(&mut practitioner, "sds_role_profile_id", ROLE),
            local_system: inner(
                &mut practitioner,
                "local_system",
                "https://plumbline.example/Id/user",
            ),
            local_id: inner(
                &mut practitioner,
                "local_id",
                "00000000-0000-4000-8000-000000000001",
            ),
            family: inner(&mut practitioner, "family", "Tester"),
            given: inner(&mut practitioner, "given", "Plumbline"),
            prefix: inner(&mut practitioner, "prefix", "Mx"),
        },
        device: GpConnectDevice {
            system: inner(&mut device, "system", "https://plumbline.example/Id/device"),
            identifier: inner(&mut device, "identifier", "plumbline"),
            model: inner(&mut device, "model", "Plumbline"),
            version: inner(&mut device, "version", env!("CARGO_PKG_VERSION")),
        },
    };
    for table in [organisation, practitioner, device].into_iter().flatten() {
        table.finish();
    }
    Some(read)
}

fn asid(table: &mut Reader<'_, '_>, key: &str) -> Option<String> {
    let text = table.text(key)?;
    if !text.value.bytes().all(|b| b.is_ascii_digit()) {
        table.source.error(
            text.range,
            format!("`{key}` is not an ASID"),
            "write the digits of the accredited system's id, without spaces",
        );
        return None;
    }
    Some(text.value)
}

fn inner(table: &mut Option<Reader<'_, '_>>, key: &str, default: &str) -> String {
    match table {
        Some(table) => text(table, key, default),
        None => default.to_owned(),
    }
}

/// A text that may be left out, but not be empty.
fn text(table: &mut Reader<'_, '_>, key: &str, default: &str) -> String {
    if !table.has(key) {
        table.mark(key);
        return default.to_owned();
    }
    table.text(key).map_or_else(String::new, |text| text.value)
}
