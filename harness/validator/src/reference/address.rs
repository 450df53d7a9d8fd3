//! The parts of an address: base, type, id, version, fragment. Not for where it leads.

use plumbline_fhir::Definitions;

/// How an address is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `#id`, or `#` alone.
    Fragment,
    /// `urn:uuid:` or `urn:oid:`, which has a meaning only where its resource is at hand.
    Urn,
    /// With any other scheme.
    Absolute,
    /// `Type/id`.
    Relative,
    /// A search, or what has no meaning at all.
    Other,
}

/// An address taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Address<'r> {
    pub(crate) kind: Kind,
    /// Without version and fragment.
    pub(crate) whole: &'r str,
    pub(crate) version: Option<&'r str>,
    /// What follows `#`.
    pub(crate) fragment: Option<&'r str>,
    /// Its parts, if it is that of a resource on a server.
    pub(crate) rest: Option<Rest<'r>>,
}

/// The address of a resource on a server: `https://example.org/fhir/` and `Patient` and `1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rest<'u> {
    /// With the slash at its end; empty if the address is relative.
    pub(crate) base: &'u str,
    pub(crate) of: &'u str,
    pub(crate) id: &'u str,
}

impl<'r> Address<'r> {
    /// Takes an address apart.
    pub(crate) fn of(text: &'r str, definitions: &Definitions) -> Self {
        let (address, fragment) = match text.split_once('#') {
            Some((address, fragment)) => (address, Some(fragment)),
            None => (text, None),
        };
        // Looking for one letter first is quicker: few addresses have it.
        let may_have_version = address.as_bytes().contains(&b'_');
        let parts = may_have_version.then(|| address.split_once("/_history/"));
        let (whole, version) = match parts.flatten() {
            Some((whole, version)) => (whole, Some(version)),
            None => (address, None),
        };
        let is_urn = is_urn(whole);
        let rest = if is_urn {
            None
        } else {
            rest(whole, definitions)
        };
        let kind = if address.is_empty() && fragment.is_some() {
            Kind::Fragment
        } else if is_urn {
            Kind::Urn
        } else if is_absolute(whole) {
            Kind::Absolute
        } else if rest.is_some_and(|it| it.base.is_empty()) {
            Kind::Relative
        } else {
            Kind::Other
        };
        Self {
            kind,
            whole,
            version,
            fragment,
            rest,
        }
    }
}

/// Whether an address has no meaning outside what it comes with.
fn is_urn(text: &str) -> bool {
    text.starts_with("urn:uuid:") || text.starts_with("urn:oid:")
}

/// Whether an address begins with a scheme.
pub(crate) fn is_absolute(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let mut letters = scheme.bytes();
    let begins = letters.next().is_some_and(|it| it.is_ascii_alphabetic());
    begins
        && letters.all(|it| it.is_ascii_alphanumeric() || b"+-.".contains(&it))
        && !rest.is_empty()
}

/// The parts of the address of a resource on a server: the regular expression of references.html#regex, without the
/// version.
pub(crate) fn rest<'u>(url: &'u str, definitions: &Definitions) -> Option<Rest<'u>> {
    let (front, id) = match url.rsplit_once('/') {
        Some(parts) if is_id(parts.1) => parts,
        _ => return None,
    };
    let (base, of) = match front.rfind('/') {
        Some(at) => front.split_at_checked(at + 1)?,
        None => ("", front),
    };
    let is_server = base.is_empty() || base.starts_with("http://") || base.starts_with("https://");
    (is_server && definitions.resource(of).is_some()).then_some(Rest { base, of, id })
}

/// Whether a text has the form of an id.
pub(crate) fn is_id(text: &str) -> bool {
    let is_letter = |it: u8| it.is_ascii_alphanumeric() || it == b'-' || it == b'.';
    (1..=64).contains(&text.len()) && text.bytes().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart() {
        let r4 = Definitions::r4();
        for (text, kind, whole, version, fragment) in [
            ("#a", Kind::Fragment, "", None, Some("a")),
            ("#", Kind::Fragment, "", None, Some("")),
            ("Patient/1", Kind::Relative, "Patient/1", None, None),
            (
                "Patient/1/_history/2",
                Kind::Relative,
                "Patient/1",
                Some("2"),
                None,
            ),
            ("Thing/1", Kind::Other, "Thing/1", None, None),
            ("Patient?name=x", Kind::Other, "Patient?name=x", None, None),
            ("urn:oid:1.2", Kind::Urn, "urn:oid:1.2", None, None),
            (
                "https://x.example/Patient/1#b",
                Kind::Absolute,
                "https://x.example/Patient/1",
                None,
                Some("b"),
            ),
            ("", Kind::Other, "", None, None),
        ] {
            let found = Address::of(text, r4);
            let wanted = (kind, whole, version, fragment);
            let found = (found.kind, found.whole, found.version, found.fragment);
            assert_eq!(found, wanted, "{text}");
        }
    }

    #[test]
    fn only_the_address_of_a_known_type_on_a_server_is_restful() {
        let r4 = Definitions::r4();
        let found = rest("https://x.example/fhir/Patient/1", r4);
        let wanted = Rest {
            base: "https://x.example/fhir/",
            of: "Patient",
            id: "1",
        };
        assert_eq!(found, Some(wanted));
        for text in [
            "urn:uuid:a",
            "https://x.example/1",
            "ftp://x/Patient/1",
            "Patient/",
            "Patient",
            "",
            "/",
        ] {
            assert_eq!(rest(text, r4), None, "{text}");
        }
    }
}
