//! The headers and tokens of GP Connect: right by default, and wrong in every way that is asked for.

use crate::service::{START, TestClock};
use crate::support::{config, no_answer};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use plumbline_http::{
    Answer, Auth, ClaimChange, Client, ClientConfig, GpConnectCall, HeaderChange, Method, NoAnswer,
    Payload, Request, SignedIn, SspHeader, TokenForm,
};
use plumbline_model::{GpConnect, GpConnectDevice, GpConnectOrganisation, GpConnectPractitioner};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

const METADATA: &str = "urn:nhs:names:services:gpconnect:fhir:rest:read:metadata-1";

fn settings() -> GpConnect {
    GpConnect {
        from_asid: "200000000359".to_owned(),
        to_asid: "918999198993".to_owned(),
        issuer: "https://consumer.example".to_owned(),
        audience: None,
        reason: "directcare".to_owned(),
        device: GpConnectDevice {
            system: "https://consumer.example/Id/device".to_owned(),
            identifier: "d-1".to_owned(),
            model: "Desk".to_owned(),
            version: "1.2".to_owned(),
        },
        organisation: GpConnectOrganisation {
            ods_code: "ZZ999".to_owned(),
            name: "A test practice".to_owned(),
        },
        practitioner: GpConnectPractitioner {
            id: "p-1".to_owned(),
            sds_user_id: "UNK".to_owned(),
            sds_role_profile_id: "UNK".to_owned(),
            local_system: "https://consumer.example/Id/user".to_owned(),
            local_id: "u-1".to_owned(),
            family: "Tester".to_owned(),
            given: "Plumbline".to_owned(),
            prefix: "Mx".to_owned(),
        },
    }
}

struct Provider {
    server: MockServer,
    client: Client,
}

/// What arrived.
struct Arrived {
    answer: Answer,
    ssp: Vec<(String, Vec<String>)>,
    authorization: Option<String>,
}

impl Provider {
    async fn start() -> Self {
        let server = MockServer::start().await;
        let answer = ResponseTemplate::new(200).set_body_string("{}");
        Mock::given(any()).respond_with(answer).mount(&server).await;
        let client = Client::new(client_config(&server)).unwrap();
        Self { server, client }
    }

    async fn send(&self, request: Request) -> Arrived {
        let answer = self.client.send(request).await;
        let seen = self.server.received_requests().await.unwrap();
        let headers = &seen.last().unwrap().headers;
        let all = |name: &str| -> Vec<String> {
            let values = headers.get_all(name).iter();
            values.map(|v| v.to_str().unwrap().to_owned()).collect()
        };
        let ssp = SspHeader::ALL.iter().map(|header| {
            let name = header.name().to_lowercase();
            (name.clone(), all(&name))
        });
        Arrived {
            ssp: ssp.collect(),
            authorization: all("authorization").into_iter().next(),
            answer,
        }
    }

    /// The token after these changes, in its three parts.
    async fn parts(&self, call: GpConnectCall) -> Vec<String> {
        let arrived = self.send(metadata(call)).await;
        let value = arrived.authorization.unwrap();
        let token = value.strip_prefix("Bearer ").unwrap();
        token.split('.').map(str::to_owned).collect()
    }

    async fn claims(&self, call: GpConnectCall) -> Value {
        decoded(&self.parts(call).await[1])
    }

    async fn refuses(&self, call: GpConnectCall) {
        let before = self.server.received_requests().await.unwrap().len();
        let answer = self.client.send(metadata(call.clone())).await;
        assert_eq!(no_answer(&answer), Some(NoAnswer::NotSent), "{call:?}");
        let after = self.server.received_requests().await.unwrap().len();
        assert_eq!(before, after);
    }
}

fn client_config(server: &MockServer) -> ClientConfig {
    let mut config = config(&format!("{}/B82617/STU3/1/", server.uri()));
    config.auth = Auth::GpConnect {
        settings: Box::new(settings()),
        surroundings: TestClock::new(),
    };
    config
}

fn metadata(gp_connect: GpConnectCall) -> Request {
    Request {
        path: "metadata".to_owned(),
        gp_connect,
        ..Request::default()
    }
}

fn changing(path: &str, change: ClaimChange) -> GpConnectCall {
    GpConnectCall {
        claims: vec![(path.to_owned(), change)],
        ..GpConnectCall::default()
    }
}

fn decoded(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[tokio::test]
async fn a_request_has_the_headers_and_the_token_of_the_specification() {
    let provider = Provider::start().await;
    let arrived = provider.send(metadata(GpConnectCall::default())).await;
    let one = |text: &str| vec![text.to_owned()];
    let wanted = [
        ("ssp-traceid", "id-0"),
        ("ssp-from", "200000000359"),
        ("ssp-to", "918999198993"),
        ("ssp-interactionid", METADATA),
    ]
    .map(|(name, value)| (name.to_owned(), one(value)));
    assert_eq!(arrived.ssp, wanted);
    let value = arrived.authorization.unwrap();
    assert!(value.ends_with('.'), "{value}");
    let parts: Vec<&str> = value.strip_prefix("Bearer ").unwrap().split('.').collect();
    assert_eq!(decoded(parts[0]), json!({ "alg": "none", "typ": "JWT" }));
    let audience = format!("{}/B82617/STU3/1", provider.server.uri());
    let claims = decoded(parts[1]);
    assert_eq!(
        claims,
        json!({
            "iss": "https://consumer.example",
            "sub": "p-1",
            "aud": audience,
            "iat": START,
            "exp": START + 300,
            "reason_for_request": "directcare",
            "requested_scope": "organization/*.read",
            "requesting_device": {
                "resourceType": "Device",
                "identifier": [{ "system": "https://consumer.example/Id/device", "value": "d-1" }],
                "model": "Desk",
                "version": "1.2",
            },
            "requesting_organization": {
                "resourceType": "Organization",
                "identifier": [{
                    "system": "https://fhir.nhs.uk/Id/ods-organization-code",
                    "value": "ZZ999",
                }],
                "name": "A test practice",
            },
            "requesting_practitioner": {
                "resourceType": "Practitioner",
                "id": "p-1",
                "identifier": [
                    { "system": "https://fhir.nhs.uk/Id/sds-user-id", "value": "UNK" },
                    { "system": "https://fhir.nhs.uk/Id/sds-role-profile-id", "value": "UNK" },
                    { "system": "https://consumer.example/Id/user", "value": "u-1" },
                ],
                "name": [{ "family": "Tester", "given": ["Plumbline"], "prefix": ["Mx"] }],
            },
        })
    );
    let sent: Value = serde_json::from_str(&arrived.answer.claims.unwrap()).unwrap();
    assert_eq!(sent, claims);
    // The token itself is not shown: it looks like one that lets somebody in.
    let shown = format!(
        "{:?} {}",
        arrived.answer.request_headers, arrived.answer.curl
    );
    assert!(!shown.contains(parts[1]), "{shown}");
    assert!(shown.contains("ssp-traceid"), "{shown}");
}

#[tokio::test]
async fn each_request_has_its_own_trace_and_its_own_scope() {
    let provider = Provider::start().await;
    for (index, (interaction, scope)) in [
        ("fhir:rest:search:patient-1", "patient/*.read"),
        ("fhir:rest:read:location-1", "organization/*.read"),
        ("fhir:rest:search:slot-1", "organization/*.read"),
        (
            "structured:fhir:rest:read:metadata-1",
            "organization/*.read",
        ),
        ("fhir:rest:search:patient_appointments-1", "patient/*.read"),
        ("fhir:rest:cancel:appointment-1", "patient/*.write"),
        ("fhir:operation:gpc.registerpatient-1", "patient/*.write"),
        ("fhir:operation:gpc.getstructuredrecord-1", "patient/*.read"),
    ]
    .into_iter()
    .enumerate()
    {
        let arrived = provider
            .send(metadata(GpConnectCall::of(interaction)))
            .await;
        let trace = &arrived.ssp[0].1;
        assert_eq!(*trace, [format!("id-{index}")]);
        let whole = format!("urn:nhs:names:services:gpconnect:{interaction}");
        assert_eq!(arrived.ssp[3].1, [whole]);
        let claims: Value = serde_json::from_str(&arrived.answer.claims.unwrap()).unwrap();
        assert_eq!(claims["requested_scope"], scope, "{interaction}");
    }
    let call = GpConnectCall {
        scope: Some("patient/*.read conf/R".to_owned()),
        ..GpConnectCall::default()
    };
    assert_eq!(
        provider.claims(call).await["requested_scope"],
        "patient/*.read conf/R"
    );
}

#[tokio::test]
async fn headers_are_left_out_changed_and_repeated() {
    let provider = Provider::start().await;
    for (index, header) in SspHeader::ALL.iter().enumerate() {
        let with = async |change: HeaderChange| {
            let call = GpConnectCall {
                headers: vec![(*header, change)],
                ..GpConnectCall::default()
            };
            provider.send(metadata(call)).await.ssp
        };
        let usual = with(HeaderChange::Set("x".to_owned())).await;
        assert_eq!(usual[index].1, ["x"]);
        let without = with(HeaderChange::Remove).await;
        assert_eq!(without[index].1, [""; 0]);
        let others = without.iter().filter(|(_, values)| values.len() == 1);
        assert_eq!(others.count(), 3);
        let twice = with(HeaderChange::Repeat("y".to_owned())).await;
        assert_eq!(twice[index].1.len(), 2);
        assert_eq!(twice[index].1[1], "y");
        assert_eq!(
            SspHeader::from_name(&header.name().to_uppercase()),
            Some(*header)
        );
    }
    // Upper and lower case of a value are as given.
    let call = GpConnectCall::of(METADATA.to_uppercase().replacen("URN", "urn", 1));
    let arrived = provider.send(metadata(call)).await;
    assert_ne!(arrived.ssp[3].1, [METADATA]);
}

#[tokio::test]
async fn claims_are_left_out_and_changed() {
    let provider = Provider::start().await;
    for claim in [
        "iss",
        "sub",
        "aud",
        "iat",
        "exp",
        "reason_for_request",
        "requested_scope",
        "requesting_device",
        "requesting_organization",
        "requesting_practitioner",
    ] {
        let claims = provider.claims(changing(claim, ClaimChange::Remove)).await;
        assert_eq!(claims.as_object().unwrap().len(), 9);
        assert!(claims.get(claim).is_none(), "{claim}");
    }
    let set = |path: &str, value: Value| changing(path, ClaimChange::Set(value));
    for (path, pointer, value) in [
        (
            "requesting_device.resourceType",
            "/requesting_device/resourceType",
            json!("Patient"),
        ),
        (
            "requesting_practitioner.identifier.1.value",
            "/requesting_practitioner/identifier/1/value",
            json!("R1"),
        ),
        (
            "requesting_organization.identifier",
            "/requesting_organization/identifier",
            json!([]),
        ),
        (
            "requesting_organization.identifier.1",
            "/requesting_organization/identifier/1",
            json!({}),
        ),
        ("iat", "/iat", json!("now")),
        ("extra", "/extra", json!(true)),
    ] {
        let claims = provider.claims(set(path, value.clone())).await;
        assert_eq!(claims.pointer(pointer), Some(&value), "{path}");
    }
    let gone = changing("requesting_practitioner.identifier.2", ClaimChange::Remove);
    let claims = provider.claims(gone).await;
    let left = claims["requesting_practitioner"]["identifier"]
        .as_array()
        .unwrap();
    assert_eq!(left.len(), 2);
    let expired = GpConnectCall {
        claims: vec![
            ("iat".to_owned(), ClaimChange::SecondsFromNow(-600)),
            ("exp".to_owned(), ClaimChange::SecondsFromNow(-300)),
        ],
        ..GpConnectCall::default()
    };
    let claims = provider.claims(expired).await;
    assert_eq!(
        (&claims["iat"], &claims["exp"]),
        (&json!(START - 600), &json!(START - 300))
    );
}

#[tokio::test]
async fn tokens_are_sent_in_wrong_forms() {
    let provider = Provider::start().await;
    let form = |form: TokenForm| GpConnectCall {
        form,
        ..GpConnectCall::default()
    };
    assert_eq!(provider.parts(form(TokenForm::NoLastDot)).await.len(), 2);
    let parts = provider.parts(form(TokenForm::NotBase64Url)).await;
    assert_eq!((parts.len(), parts[2].as_str()), (3, ""));
    assert!(URL_SAFE_NO_PAD.decode(&parts[1]).is_err());
    let signed = GpConnectCall {
        form: TokenForm::Signed,
        token_header: vec![("alg".to_owned(), ClaimChange::Set(json!("RS256")))],
        ..GpConnectCall::default()
    };
    let parts = provider.parts(signed).await;
    assert_eq!(decoded(&parts[0])["alg"], "RS256");
    assert_eq!(URL_SAFE_NO_PAD.decode(&parts[2]).unwrap().len(), 32);
    let raw = form(TokenForm::Raw("nonsense".to_owned()));
    assert_eq!(provider.parts(raw).await, ["nonsense"]);
    let header = form(TokenForm::Header("Basic eA==".to_owned()));
    let arrived = provider.send(metadata(header)).await;
    assert_eq!(arrived.authorization.as_deref(), Some("Basic eA=="));
    assert_eq!(arrived.answer.claims, None);
    let absent = provider.send(metadata(form(TokenForm::Absent))).await;
    assert_eq!(absent.authorization, None);
    let anonymous = Request {
        sign_in: false,
        ..metadata(GpConnectCall::default())
    };
    let arrived = provider.send(anonymous).await;
    assert_eq!(arrived.authorization, None);
    assert!(arrived.ssp.iter().all(|(_, values)| values.len() == 1));
}

/// Otherwise a right token would be tested as if it were wrong.
#[tokio::test]
async fn a_change_that_cannot_be_made_is_not_sent() {
    let provider = Provider::start().await;
    for path in [
        "nbf",
        "requesting_device.serial",
        "requesting_practitioner.identifier.3",
        "",
        "iss.x",
    ] {
        provider.refuses(changing(path, ClaimChange::Remove)).await;
    }
    let value = || ClaimChange::Set(json!(1));
    for path in ["no.such.place", "requesting_device.identifier.7", "iss.x"] {
        provider.refuses(changing(path, value())).await;
    }
    provider
        .refuses(GpConnectCall {
            form: TokenForm::Absent,
            ..changing("iss", ClaimChange::Remove)
        })
        .await;
    provider
        .refuses(GpConnectCall {
            form: TokenForm::Header("a\nb".to_owned()),
            ..GpConnectCall::default()
        })
        .await;
    // A header is changed in one way only, and a client of another kind changes none.
    let mut request = metadata(GpConnectCall::default());
    request.headers = vec![("ssp-to".to_owned(), "1".to_owned())];
    let answer = provider.client.send(request).await;
    assert_eq!(no_answer(&answer), Some(NoAnswer::NotSent));
    let other = Client::new(config(&provider.server.uri())).unwrap();
    let answer = other.send(metadata(GpConnectCall::of("x"))).await;
    assert_eq!(no_answer(&answer), Some(NoAnswer::NotSent));
}

#[tokio::test]
async fn a_record_is_asked_for_with_a_post() {
    let provider = Provider::start().await;
    let request = Request {
        method: Method::Post,
        path: "Patient/$gpc.getstructuredrecord".to_owned(),
        body: Some(Payload {
            content_type: "application/fhir+json".to_owned(),
            bytes: b"{\"resourceType\":\"Parameters\"}".to_vec(),
        }),
        gp_connect: GpConnectCall::of("fhir:operation:gpc.getstructuredrecord-1"),
        ..Request::default()
    };
    let arrived = provider.send(request).await;
    assert_eq!(arrived.answer.method, "POST");
    assert!(arrived.answer.response().is_some());
    let seen = provider.server.received_requests().await.unwrap();
    assert_eq!(seen[0].method.as_str(), "POST");
    assert!(
        seen[0]
            .url
            .path()
            .ends_with("/Patient/$gpc.getstructuredrecord")
    );
    assert_eq!(seen[0].headers["content-type"], "application/fhir+json");
    assert!(seen[0].body.starts_with(b"{\"resourceType\""));
}

#[tokio::test]
async fn signing_in_asks_nobody() {
    let provider = Provider::start().await;
    assert_eq!(provider.client.sign_in().await, Ok(SignedIn::EachTime));
    assert!(!provider.client.credentials_end());
    assert!(
        provider
            .server
            .received_requests()
            .await
            .unwrap()
            .is_empty()
    );
}
