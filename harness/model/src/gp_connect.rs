//! Who asks, where a target is spoken to in the manner of GP Connect: what a target file says and what
//! the token of each request carries. Not for the token itself. Nothing here is secret.

/// Who asks, as target.toml says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GpConnect {
    /// The ASID of the system that asks (`Ssp-From`).
    pub from_asid: String,
    /// The ASID of the target (`Ssp-To`).
    pub to_asid: String,
    /// The claim `iss`: the address of the system that asks.
    pub issuer: String,
    /// The claim `aud`; `None` means the base URL of the request, without a slash at its end.
    pub audience: Option<String>,
    /// The claim `reason_for_request`.
    pub reason: String,
    /// The claim `requesting_device`.
    pub device: GpConnectDevice,
    /// The claim `requesting_organization`.
    pub organisation: GpConnectOrganisation,
    /// The claims `requesting_practitioner` and `sub`.
    pub practitioner: GpConnectPractitioner,
}

/// The system that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GpConnectDevice {
    /// The naming system of its identifier.
    pub system: String,
    /// Its identifier.
    pub identifier: String,
    /// Its model.
    pub model: String,
    /// Its version.
    pub version: String,
}

/// The organisation that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GpConnectOrganisation {
    /// Its ODS code.
    pub ods_code: String,
    /// Its name.
    pub name: String,
}

/// The person who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GpConnectPractitioner {
    /// The local id, which is the claim `sub` too.
    pub id: String,
    /// The SDS user id; `UNK` without a smartcard.
    pub sds_user_id: String,
    /// The SDS role profile id; `UNK` without a smartcard.
    pub sds_role_profile_id: String,
    /// The naming system of the local user id.
    pub local_system: String,
    /// The local user id.
    pub local_id: String,
    /// The family name.
    pub family: String,
    /// The given name.
    pub given: String,
    /// The prefix, such as Dr.
    pub prefix: String,
}
