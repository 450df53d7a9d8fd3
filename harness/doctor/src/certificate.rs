//! What a TLS connection shows: the certificate of the system, and whether it wants one of ours.
//! Not for deciding whom to trust: TLS has done that. What certificates say is shown, since it is
//! about machines and no person.

use crate::finding::{Blame, Finding};
use crate::reach::Place;
use jiff::Timestamp;
use plumbline_http::probe::{Asked, Presented, Reception, Refusal};
use plumbline_http::{CertificateFacts, TlsFault, Validity};

/// The check of our own certificate.
pub(crate) const OURS: &str = "client certificate";
/// The key of target.toml that names it.
const FIELD: &str = "connection.client_certificate";
/// The names of a certificate or of issuers that are shown.
const MOST_SHOWN: usize = 3;
const DAY: i64 = 24 * 60 * 60;

/// TLS's numbers for an issuer that is not known, and for a signature that does not fit, as of an
/// issuer of the right name with another key.
const OF_ISSUER: [u8; 2] = [48, 51];
/// TLS's number for a certificate that is over.
const EXPIRED: u8 = 45;

/// Whose certificate it is, who vouches for it and for how long, as far as it was seen.
pub(crate) fn shown(presented: Option<&Presented>, now: i64) -> String {
    let Some((presented, facts)) = presented.and_then(|p| Some((p, p.chain.first()?))) else {
        return String::new();
    };
    let days = (facts.not_after - now).max(0) / DAY;
    let version = presented
        .agreed
        .map(|agreed| format!("; {}", agreed.protocol))
        .unwrap_or_default();
    format!(
        ": for {}; from {}; until {}, for {days} days more{version}",
        list(&facts.names),
        facts.issuer,
        time(facts.not_after)
    )
}

/// What is wrong with the certificate of the system, in more words than the fault has.
pub(crate) fn fault_words(fault: TlsFault, presented: Option<&Presented>, now: i64) -> String {
    let words = fault.words();
    let Some(facts) = presented.and_then(|presented| presented.chain.first()) else {
        return words.to_owned();
    };
    match fault {
        TlsFault::WrongName => format!("{words}: it is for {}", list(&facts.names)),
        TlsFault::UnknownIssuer => format!("{words}: {}", facts.issuer),
        TlsFault::Dates => match facts.validity(now) {
            Validity::Expired => format!("the certificate ended at {}", time(facts.not_after)),
            Validity::NotYet => {
                format!(
                    "the certificate is only valid from {}",
                    time(facts.not_before)
                )
            }
            Validity::Valid => words.to_owned(),
        },
        TlsFault::NotTls | TlsFault::ClientCertificate | TlsFault::Other => words.to_owned(),
    }
}

/// Whether the system turns us away for want of a certificate that it accepts.
pub(crate) fn is_turned_away(presented: Option<&Presented>) -> bool {
    let Some(presented) = presented else {
        return false;
    };
    let refused = match presented.reception {
        // 495 and 496 are nginx's; 401 and 403 may be about credentials, which were not sent.
        Reception::Refused(Refusal::Status(status)) => matches!(status, 400 | 495 | 496),
        Reception::Refused(Refusal::Alert(_) | Refusal::Closed | Refusal::Reset) => true,
        Reception::LetIn { .. } | Reception::Unclear(_) => false,
    };
    refused && matches!(presented.asked, Asked::Yes { .. })
}

/// The finding on our own certificate.
pub(crate) fn ours(
    place: &Place<'_>,
    presented: Option<&Presented>,
    own: Option<&CertificateFacts>,
    now: i64,
) -> Finding {
    let name = place.check(OURS);
    let Some(presented) = presented else {
        return Finding::not_checked(name, "no TLS connection came about");
    };
    let Asked::Yes { issuers } = &presented.asked else {
        return match presented.asked {
            Asked::No => Finding::ok(name, "the system asks for none"),
            Asked::Yes { .. } | Asked::Unknown => {
                Finding::not_checked(name, "the connection did not come this far")
            }
        };
    };
    if is_turned_away(Some(presented)) {
        return refused(place, presented, own, issuers, now);
    }
    match (presented.reception, own) {
        (Reception::LetIn { .. }, Some(own)) => Finding::ok(
            name,
            format!("the system asks for one, and takes that of {}", own.subject),
        ),
        (Reception::LetIn { .. }, None) => {
            Finding::ok(name, "the system asks for one, and lets us in without")
        }
        (Reception::Refused(refusal), _) => Finding::not_checked(
            name,
            format!("the system asks for one, but {refusal} may be about credentials"),
        ),
        (Reception::Unclear(why), _) => {
            Finding::not_checked(name, format!("the system asks for one, but {why}"))
        }
    }
}

fn refused(
    place: &Place<'_>,
    presented: &Presented,
    own: Option<&CertificateFacts>,
    issuers: &[String],
    now: i64,
) -> Finding {
    let how = match presented.reception {
        Reception::Refused(refusal) => refusal.to_string(),
        Reception::LetIn { .. } | Reception::Unclear(_) => "refused".to_owned(),
    };
    let alert = match presented.reception {
        Reception::Refused(Refusal::Alert(alert)) => Some(alert.0),
        _ => None,
    };
    let accepted = if issuers.is_empty() {
        String::new()
    } else {
        format!(" It accepts certificates from {}.", list(issuers))
    };
    let (seen, next) = match own {
        None => (
            format!("the system asks for a certificate, and target.toml names none: {how}"),
            format!(
                "Name a certificate and its key, or a PKCS#12 file, under \
                 [connection.client_certificate].{accepted}"
            ),
        ),
        Some(own) if own.validity(now) == Validity::Expired || alert == Some(EXPIRED) => (
            format!(
                "the system does not take our certificate, which ended at {}: {how}",
                time(own.not_after)
            ),
            "Have the certificate renewed, and name the new one.".to_owned(),
        ),
        Some(own)
            if alert.is_some_and(|alert| OF_ISSUER.contains(&alert))
                || !issuers.contains(&own.issuer) =>
        {
            (
                format!(
                    "the system does not take our certificate, which is from {}: {how}",
                    own.issuer
                ),
                format!(
                    "Name a certificate from an issuer that the system accepts, or have it accept this \
                 one.{accepted}"
                ),
            )
        }
        Some(own) => (
            format!(
                "the system does not take our certificate of {}: {how}",
                own.subject
            ),
            "Have the system register this certificate, or name one that is registered there."
                .to_owned(),
        ),
    };
    Finding::problem(place.check(OURS), Blame::Configuration, seen, next).in_field(FIELD)
}

fn list(names: &[String]) -> String {
    let mut text = names
        .iter()
        .take(MOST_SHOWN)
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    if names.is_empty() {
        text.push_str("no host name");
    }
    if names.len() > MOST_SHOWN {
        text.push_str(" and others");
    }
    text
}

fn time(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(
        |_| "a time that cannot be written".to_owned(),
        |time| time.to_string(),
    )
}
