//! Mistakes about a system that is reached: credentials, versions, test patients, limits.
//! Not for the way to it.

use super::{CONFIGURATION, Fault, Run};
use crate::misconfigured::stage::{KEY, Setting};
use crate::misconfigured::{born_later, http_date_ten_minutes_ago};
use crate::stand_in::{StandIn, has_token, nowhere, statement, token};
use crate::support::KEY_VARIABLE;

const LATER: &str = "2999-01-01T00:00:00Z";

fn api_key() -> String {
    format!("method = \"api-key\"\nheader = \"apikey\"\nenv = \"{KEY_VARIABLE}\"")
}

fn bearer(expires: &str) -> String {
    format!("method = \"bearer\"\nenv = \"{KEY_VARIABLE}\"\nexpires = \"{expires}\"")
}

/// Signing in with a JWT at this token service.
fn signed(service: std::net::SocketAddr) -> String {
    format!(
        "method = \"oauth2-client-credentials\"\ntoken_url = \"http://{service}/token\"\n\
         client_id = \"plumbline-1\"\nkey_id = \"k-1\"\nalgorithm = \"ES384\"\nkey_file = \"key.pem\""
    )
}

/// A token service that refuses with this error code.
fn refusing(error: &'static str) -> std::net::SocketAddr {
    StandIn::plain(move |_| (400, "", format!(r#"{{"error":"{error}"}}"#))).address
}

pub const FAULTS: &[Fault] = &[
    Fault {
        id: "key-variable",
        what: "an environment variable that is not set",
        field: "auth.env",
        fix: "Set it to the key",
        doctor: 2,
        run: Run::Refused,
        set: |stage| Setting::of(stage.plain().base("http")).auth(api_key()),
    },
    Fault {
        id: "key-refused",
        what: "a key that the system does not take",
        field: "auth.env",
        fix: "Check the key",
        doctor: 2,
        run: CONFIGURATION,
        set: |stage| {
            let has_key = |asked: &crate::stand_in::Asked| asked.header("apikey") == Some(KEY);
            let system = StandIn::plain(stage.well_if(has_key, 401));
            Setting::of(system.base("http"))
                .auth(api_key())
                .key("another")
        },
    },
    Fault {
        id: "key-header",
        what: "a key in another header than the system expects",
        field: "auth.env",
        fix: "that `header` is the header",
        doctor: 2,
        run: CONFIGURATION,
        set: |stage| {
            let has_key = |asked: &crate::stand_in::Asked| asked.header("x-api-key") == Some(KEY);
            let system = StandIn::plain(stage.well_if(has_key, 403));
            Setting::of(system.base("http")).auth(api_key()).key(KEY)
        },
    },
    Fault {
        id: "sign-in-missing",
        what: "no sign-in where the system wants one",
        field: "auth.method",
        fix: "choose the method that it offers",
        doctor: 2,
        run: CONFIGURATION,
        set: |stage| Setting::of(StandIn::plain(stage.well_if(|_| false, 401)).base("http")),
    },
    Fault {
        id: "token-expired",
        what: "an access token that has come to its end",
        field: "auth.expires",
        fix: "Get a new access token",
        doctor: 2,
        run: Run::Refused,
        set: |stage| {
            let auth = bearer("2020-01-01T00:00:00Z");
            Setting::of(stage.plain().base("http")).auth(auth).key(KEY)
        },
    },
    Fault {
        id: "token-refused",
        what: "an access token that the system does not take",
        field: "auth.env",
        fix: "Get a new access token for this system",
        doctor: 2,
        run: CONFIGURATION,
        set: |stage| {
            let system = StandIn::plain(stage.well_if(|_| false, 401));
            Setting::of(system.base("http"))
                .auth(bearer(LATER))
                .key(KEY)
        },
    },
    Fault {
        id: "token-service-dead",
        what: "a token service that does not run",
        field: "auth.token_url",
        fix: "that the token service is running",
        doctor: 4,
        run: CONFIGURATION,
        set: |stage| {
            let system = StandIn::plain(stage.well_if(has_token, 401));
            Setting::of(system.base("http")).auth(signed(nowhere()))
        },
    },
    Fault {
        id: "client-id",
        what: "a client that the token service does not know",
        field: "auth.client_id",
        fix: "are as registered with the token service",
        doctor: 2,
        run: CONFIGURATION,
        set: |stage| {
            let system = StandIn::plain(stage.well_if(has_token, 401));
            Setting::of(system.base("http")).auth(signed(refusing("invalid_client")))
        },
    },
    Fault {
        id: "audience",
        what: "an audience or a clock that the token service does not accept",
        field: "auth.audience",
        fix: "Check `audience`",
        doctor: 2,
        run: CONFIGURATION,
        set: |stage| {
            let system = StandIn::plain(stage.well_if(has_token, 401));
            Setting::of(system.base("http")).auth(signed(refusing("invalid_grant")))
        },
    },
    Fault {
        id: "algorithm",
        what: "an algorithm that the private key does not fit",
        field: "auth.algorithm",
        fix: "RS512 needs an RSA key",
        doctor: 2,
        run: Run::Refused,
        set: |stage| {
            let auth = signed(nowhere()).replace("ES384", "RS512");
            Setting::of(stage.plain().base("http")).auth(auth)
        },
    },
    Fault {
        id: "scope-of-token",
        what: "a token without the scope that reading patients needs",
        field: "auth.scopes",
        fix: "Ask for the scopes that reading patients needs",
        doctor: 2,
        run: CONFIGURATION,
        set: |stage| {
            let service = StandIn::plain(|_| token());
            let system = StandIn::plain(stage.well_if(|_| false, 403));
            Setting::of(system.base("http")).auth(signed(service.address))
        },
    },
    Fault {
        id: "fhir-version",
        what: "another FHIR version than the system and the pack have",
        field: "fhir_version",
        fix: "Correct the version",
        doctor: 2,
        run: Run::Refused,
        set: |stage| {
            let version = "fhir_version = \"4.0.1\"";
            Setting::of(stage.plain().base("http")).edit(version, "fhir_version = \"3.0.2\"")
        },
    },
    Fault {
        id: "statement-kind",
        what: "an address that describes a kind of system, and is none",
        field: "base_urls.default",
        fix: "Write the address of the running system",
        doctor: 2,
        run: Run::Unaffected,
        set: |stage| {
            let well = stage.well();
            let system = StandIn::plain(move |asked| {
                if asked.place.ends_with("/metadata") {
                    let (status, kind, body) = statement("4.0.1");
                    let body = body.replacen('{', r#"{"kind":"requirements","#, 1);
                    (status, kind, body)
                } else {
                    well(asked)
                }
            });
            Setting::of(system.base("http"))
        },
    },
    Fault {
        id: "number-check-digit",
        what: "an NHS number with a wrong check digit",
        field: "actors.patient-basic",
        fix: "digit",
        doctor: 2,
        run: Run::Refused,
        set: |stage| Setting::of(stage.plain().base("http")).edit("9990000018", "9990000019"),
    },
    Fault {
        id: "patient-absent",
        what: "a role whose patient the system does not hold",
        field: "actors.patient-basic",
        fix: "Load the person from the data sheet",
        doctor: 2,
        run: CONFIGURATION,
        set: |stage| Setting::of(stage.plain().base("http")).edit("9990000018", "9990009988"),
    },
    Fault {
        id: "patients-absent",
        what: "a system into which nobody was loaded",
        field: "actors",
        fix: "Load the person from the data sheet",
        doctor: 2,
        run: CONFIGURATION,
        set: |stage| {
            let well = stage.well();
            let system = StandIn::plain(move |asked| {
                if asked.place.contains("/Patient?") {
                    let body = r#"{"resourceType":"Bundle","type":"searchset","total":0,"link":[{"relation":"self","url":"http://x.example/"}]}"#;
                    (
                        200,
                        "content-type: application/fhir+json\r\n",
                        body.to_owned(),
                    )
                } else {
                    well(asked)
                }
            });
            Setting::of(system.base("http"))
        },
    },
    Fault {
        id: "patient-birth-date",
        what: "a patient with another birth date than the data sheet has",
        field: "actors.patient-basic",
        fix: "Load the person again from the data sheet",
        doctor: 2,
        run: CONFIGURATION,
        set: |stage| {
            let well = stage.well();
            let system = StandIn::plain(move |asked| {
                let (status, kind, body) = well(asked);
                if asked.place.contains("birthdate=") {
                    let body = r#"{"resourceType":"Bundle","type":"searchset","total":0,"link":[{"relation":"self","url":"http://x.example/"}]}"#;
                    return (status, kind, body.to_owned());
                }
                if asked.place.contains("9990000018") {
                    return (status, kind, born_later(&body));
                }
                (status, kind, body)
            });
            Setting::of(system.base("http"))
        },
    },
    Fault {
        id: "clock",
        what: "clocks that differ by ten minutes",
        field: "",
        fix: "Set the clock that is wrong",
        doctor: 2,
        run: Run::Unaffected,
        set: |stage| {
            let well = stage.well();
            let date = http_date_ten_minutes_ago();
            let system = StandIn::plain(move |asked| {
                let (status, _, body) = well(asked);
                (status, date, body)
            });
            Setting::of(system.base("http"))
        },
    },
    Fault {
        id: "rate-zero",
        what: "a rate of no requests a second",
        field: "limits.requests_per_second",
        fix: "from 1 to 1000",
        doctor: 2,
        run: Run::Refused,
        set: |stage| {
            let rate = "requests_per_second = 1000";
            Setting::of(stage.plain().base("http")).edit(rate, "requests_per_second = 0")
        },
    },
    Fault {
        id: "rate-limit",
        what: "a rate that the system does not allow",
        field: "limits.requests_per_second",
        fix: "Lower the rate",
        doctor: 4,
        run: Run::Error("rate-limited"),
        set: |_| {
            let system = StandIn::plain(|_| (429, "retry-after: 60\r\n", String::new()));
            Setting::of(system.base("http"))
        },
    },
    Fault {
        id: "total",
        what: "fewer requests than a run needs",
        field: "limits.total",
        fix: "Raise",
        doctor: 4,
        run: CONFIGURATION,
        set: |stage| Setting::of(stage.plain().base("http")).edit("total = 2000", "total = 1"),
    },
    Fault {
        id: "body-limit",
        what: "a capability statement above the size limit",
        field: "limits.max_body_mb",
        fix: "Raise the limit",
        doctor: 4,
        run: Run::Error("too-large"),
        set: |_| {
            let system = StandIn::plain(|_| (200, "", " ".repeat(1_100_000)));
            Setting::of(system.base("http")).edit("max_body_mb = 20", "max_body_mb = 1")
        },
    },
];
