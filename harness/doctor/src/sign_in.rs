//! Whether credentials are obtained, and whether the system lets them in.
//! Not for what they are: no part of them is passed on.

use crate::finding::{Blame, Finding};
use crate::reach::Place;
use jiff::Timestamp;
use plumbline_http::{Answer, NoAnswer, Outcome, SignedIn};
use plumbline_pack::{Auth, SecretSource};

pub(crate) const METADATA: &str = "signed-in capability statement";
pub(crate) const SEARCH: &str = "signed-in search";
pub(crate) const TOKEN: &str = "token";

/// The finding on the token, where the way of signing in has one.
pub(crate) fn token(signed_in: &Result<SignedIn, NoAnswer>, now: i64) -> Finding {
    match signed_in {
        Ok(SignedIn::Not) => {
            Finding::not_checked(TOKEN, "target.toml says that nobody has to sign in")
        }
        Ok(SignedIn::Fixed) => Finding::not_checked(TOKEN, "an API key needs none"),
        Ok(SignedIn::EachTime) => {
            Finding::not_checked(TOKEN, "each request makes its own, which is not signed")
        }
        Ok(SignedIn::Until { ends }) => {
            let minutes = (ends - now).max(0) / 60;
            let end = Timestamp::from_second(*ends).map_or_else(
                |_| "a time that cannot be written".to_owned(),
                |end| end.to_string(),
            );
            Finding::ok(
                TOKEN,
                format!("good until {end}, for {minutes} minutes more"),
            )
        }
        Err(NoAnswer::SignIn(fault)) => {
            let blame = if fault.is_outage() {
                Blame::Unreachable
            } else {
                Blame::Configuration
            };
            Finding::problem(TOKEN, blame, fault.to_string(), fault.next_step())
                .in_field(fault.field())
        }
        Err(other) => Finding::problem(
            TOKEN,
            Blame::Unreachable,
            other.to_string(),
            "Raise `total` under [limits]; the request for a token counts as well.",
        )
        .in_field("limits.total"),
    }
}

/// Whether a signed-in request is let in.
pub(crate) fn let_in(place: &Place<'_>, check: &str, answer: &Answer) -> Finding {
    let name = place.check(check);
    match &answer.outcome {
        Outcome::NoAnswer(why) => {
            let (field, next) = silence(place, *why);
            Finding::problem(name, Blame::Unreachable, why.to_string(), next).in_field(field)
        }
        Outcome::Response(response) => match response.status {
            401 | 403 => {
                let (field, next) = advice(&place.target.auth, response.status);
                Finding::problem(
                    name,
                    Blame::Configuration,
                    format!("refused with status {}", response.status),
                    next,
                )
                .in_field(field)
            }
            status @ 500.. => Finding::not_checked(
                name,
                format!("status {status} does not show whether the credentials were accepted"),
            ),
            status => Finding::ok(name, format!("not refused (status {status})")),
        },
    }
}

/// The key of target.toml where one request got no answer and another did, and what to do.
fn silence(place: &Place<'_>, why: NoAnswer) -> (String, &'static str) {
    match why {
        NoAnswer::TotalReached => (
            "limits.total".to_owned(),
            "Raise the limit; the doctor needs about ten requests, and one for each test patient.",
        ),
        NoAnswer::TooLarge { .. } => (
            "limits.max_body_mb".to_owned(),
            "Raise the limit, or have the system send less at a time.",
        ),
        NoAnswer::RateLimited => (
            "limits.requests_per_second".to_owned(),
            "Lower the rate to what the system allows, and try again later.",
        ),
        _ => (
            place.field(),
            "Find this request in the system's log; the system answered another one.",
        ),
    }
}

/// The key of target.toml for a refusal, and what to do.
fn advice(auth: &Auth, status: u16) -> (&'static str, &'static str) {
    match auth {
        Auth::None => (
            "auth.method",
            "The system wants a sign-in: choose the method that it offers.",
        ),
        Auth::GpConnect(_) => (
            "auth.to_asid",
            "Check that this system knows the ASIDs and the organisation of [auth], and that the \
             capability is switched on.",
        ),
        Auth::ApiKey { secret, .. } => (
            secret_field(secret),
            "Check the key, that it may read patients, and that `header` is the header in which the \
             system expects it.",
        ),
        Auth::Bearer { secret, .. } => (
            secret_field(secret),
            "Get a new access token for this system and put it there; check that it may read \
             patients.",
        ),
        Auth::ClientCredentials(_) if status == 403 => (
            "auth.scopes",
            "Ask for the scopes that reading patients needs, and have the client be given them.",
        ),
        Auth::ClientCredentials(_) => (
            "auth.token_url",
            "Check that this token service issues tokens for this system, and `scopes` and \
             `audience`.",
        ),
    }
}

const fn secret_field(secret: &SecretSource) -> &'static str {
    match secret {
        SecretSource::Env(_) => "auth.env",
        SecretSource::File(_) => "auth.file",
    }
}
