//! When: requests other than searches and reads, registrations, and connections tried for their own sake.
//! Each keeps what came of it for the assertions that follow.

use crate::context::{Context, NHS_NUMBER_SYSTEM};
use crate::step::{Args, StepDef};
use crate::steps::action::when;
use crate::steps::asking::{Question, Right, ask, fill, rows, search};
use crate::steps::register::{self, PATH};
use crate::steps::setup::ids_of;
use crate::steps::{referred, transport};
use crate::world::{Body, World};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use plumbline_checks::Written;
use plumbline_fhir::Definitions;
use plumbline_http::{Method, Payload};
use plumbline_model::{ErrorKind, FindingKind, NotApplicableReason, SkipReason};

/// Where a method is looked up by its name.
const METHODS: [Method; 7] = [
    Method::Get,
    Method::Head,
    Method::Options,
    Method::Post,
    Method::Put,
    Method::Patch,
    Method::Delete,
];

/// The When steps about sending.
pub const STEPS: &[StepDef] = &[
    when(
        "patients are searched without any parameter",
        "Searches Patient by nothing at all.",
        "patients are searched without any parameter",
        false,
        |world, _| search(world, "Patient", Vec::new()),
    ),
    when(
        "patients are searched by the unknown parameter {string} {string}",
        "Searches Patient by a parameter that FHIR does not have; the name is sent as it is written.",
        "patients are searched by the unknown parameter \"Identifier\" \"x\"",
        false,
        |world, args| {
            let parameter = (args.get(0).to_owned(), args.get(1).to_owned());
            search(world, "Patient", vec![parameter])
        },
    ),
    when(
        "the {string} of the first result is read",
        "Reads what the first result, or what was read, refers to in this element; a path has dots, and conditions as in name[use=official].",
        "the \"managingOrganization\" of the first result is read",
        false,
        |world, args| referred::read(world, args.get(0).to_owned()),
    ),
    when(
        "{string} is sent to {string}",
        "Sends a method without a body to a path below the base address, as it is written here.",
        "\"PATCH\" is sent to \"Patient/{id}\"",
        false,
        |world, args| send(world, args, None),
    ),
    when(
        "{string} is sent to {string} with an empty Parameters resource",
        "Sends a method with a Parameters resource in JSON that holds no parameter.",
        "\"POST\" is sent to \"Patients\" with an empty Parameters resource",
        false,
        |world, args| send(world, args, Some(register::empty(false))),
    ),
    when(
        "{string} is sent to {string} with an empty Parameters resource as XML",
        "Sends a method with a Parameters resource in XML that holds no parameter.",
        "\"POST\" is sent to \"Patient/$gpc.registerpatient\" with an empty Parameters resource as XML",
        false,
        |world, args| send(world, args, Some(register::empty(true))),
    ),
    when(
        "the patient is registered",
        "Registers the patient in play with the details of the data sheet, as GP Connect has it; after that {id} is the id in the answer.",
        "the patient is registered",
        false,
        |world, _| registration(world, Vec::new(), Written::Json),
    ),
    when(
        "the patient is registered as XML",
        "As above, with the request in XML.",
        "the patient is registered as XML",
        false,
        |world, _| registration(world, Vec::new(), Written::Xml),
    ),
    when(
        "the patient is registered with:",
        "As above, with the changes of the table: an element of the patient and its new value, or absent, or repeated; a path that begins with Parameters begins at the whole request.",
        "the patient is registered with:",
        true,
        |world, args| registration(world, rows(&args), Written::Json),
    ),
    when(
        "the scenario does not apply if the response status is {int}",
        "For what a system may leave out but must do rightly: after this status the scenario ends as not applicable.",
        "the scenario does not apply if the response status is 415",
        false,
        |world, args| {
            let wanted: Option<u16> = args.get(0).parse().ok();
            async move {
                let page = world.first_page();
                if page.is_some_and(|page| Some(page.status) == wanted) {
                    not_offered(world);
                }
            }
            .boxed_local()
        },
    ),
    when(
        "the scenario does not apply if the response is not FHIR XML",
        "For what a system may leave out but must do rightly: the scenario ends as not applicable unless a resource came in XML.",
        "the scenario does not apply if the response is not FHIR XML",
        false,
        |world, _| {
            async move {
                let page = world.first_page();
                let is_xml = page.is_some_and(|page| {
                    page.written == Written::Xml && matches!(page.body, Body::Tree(_))
                });
                if page.is_some() && !is_xml {
                    not_offered(world);
                }
            }
            .boxed_local()
        },
    ),
    when(
        "the scenario does not apply if the response holds no resource",
        "For a rule about the form of an answer that need not have a body: the scenario ends as not applicable unless a FHIR resource came.",
        "the scenario does not apply if the response holds no resource",
        false,
        |world, _| {
            async move {
                let page = world.first_page();
                let holds = page.is_some_and(|page| match &page.body {
                    Body::Tree(tree) => tree.root().get("resourceType").is_some(),
                    Body::Empty | Body::NotJson { .. } => false,
                });
                if page.is_some() && !holds {
                    not_offered(world);
                }
            }
            .boxed_local()
        },
    ),
    when(
        "a connection is offered with {string} alone",
        "Offers one version of the protocol (SSL 3.0, TLS 1.0, TLS 1.1, TLS 1.2 or TLS 1.3) with every cipher suite that a server may know, and looks at the first answer.",
        "a connection is offered with \"TLS 1.1\" alone",
        false,
        |world, args| transport::version(world, args.get(0).to_owned()),
    ),
    when(
        "a connection is offered with only {string}",
        "Offers TLS 1.2 with the cipher suites of this name alone, and looks at the first answer.",
        "a connection is offered with only \"ECDHE with AES-GCM\"",
        false,
        |world, args| transport::suites(world, args.get(0).to_owned()),
    ),
    when(
        "a connection is made with the client certificate in play",
        "Connects over TLS, shows the certificate of the Given step or that of target.toml, and reads the capability statement.",
        "a connection is made with the client certificate in play",
        false,
        |world, _| transport::certificate(world),
    ),
    when(
        "the capability statement is asked for without encryption",
        "Asks for it in plain HTTP at the port of the address, without token and without the headers of GP Connect.",
        "the capability statement is asked for without encryption",
        false,
        |world, _| transport::plain(world, None),
    ),
    when(
        "the capability statement is asked for without encryption at port {int}",
        "As above, at another port of the same host.",
        "the capability statement is asked for without encryption at port 80",
        false,
        |world, args| {
            let port = args.get(0).parse().ok();
            transport::plain(world, port.or(Some(80)))
        },
    ),
];

/// The method of that name.
pub(crate) fn method(name: &str) -> Option<Method> {
    METHODS.into_iter().find(|method| method.name() == name)
}

/// Whether a request with this method may change data.
pub(crate) const fn may_change(method: Method) -> bool {
    match method {
        Method::Get | Method::Head | Method::Options => false,
        Method::Post | Method::Put | Method::Patch | Method::Delete => true,
    }
}

fn not_offered(world: &mut World) {
    world.not_applicable = Some(NotApplicableReason::NotOffered);
    world.stop = Some(SkipReason::EarlierStep);
}

/// Whether a request that may change data may be sent; the plan leaves such scenarios out, so this
/// is the second lock on the same door.
fn is_allowed(world: &mut World, run: &Context) -> bool {
    let tagged = world.scenario.as_ref().is_some_and(|s| s.mutates);
    if tagged && !run.target.limits.read_only {
        return true;
    }
    world.report(
        FindingKind::Error(ErrorKind::Configuration),
        "SETUP-READ-ONLY",
        "the request was not sent: it can change data, and the scenario or the target file does not allow that",
        "Tag the scenario @mutates, and write read_only = false under [limits] of target.toml for a test system.",
    );
    world.stop = Some(SkipReason::EarlierStep);
    false
}

fn send(world: &mut World, args: Args, body: Option<Payload>) -> LocalBoxFuture<'_, ()> {
    async move {
        let Some(run) = world.run.clone() else { return };
        // Linting has made sure that there is such a method.
        let Some(method) = method(args.get(0)) else {
            return;
        };
        let Some(path) = fill(world, args.get(1)) else {
            return;
        };
        if may_change(method) && !is_allowed(world, &run) {
            return;
        }
        let question = Question {
            method,
            resource_type: path.split('/').next().unwrap_or_default().to_owned(),
            path,
            body,
            control: Right::OfType,
            ..Question::default()
        };
        ask(world, question).await;
    }
    .boxed_local()
}

fn registration(
    world: &mut World,
    changes: Vec<(String, String)>,
    written: Written,
) -> LocalBoxFuture<'_, ()> {
    async move {
        let Some(run) = world.run.clone() else { return };
        if !is_allowed(world, &run) {
            return;
        }
        let Some(actor) = world.actor.clone() else {
            return;
        };
        let Some(person) = actor.person.clone() else {
            world.stop(
                SkipReason::NoActor,
                "SETUP-ACTOR",
                "nothing is known of the patient in play but the NHS number, so there are no details to register",
                "Load the person from the data sheet; a patient with data_sheet = false has no facts.",
            );
            return;
        };
        let mut filled = Vec::new();
        for (element, value) in changes {
            let Some(value) = fill(world, &value) else {
                return;
            };
            filled.push((element, value));
        }
        let patient = register::patient(&actor.nhs_number, &person);
        let body = match register::changed(patient, &filled) {
            Ok(body) => body,
            Err(register::NotThere(element)) => {
                misused(world, &format!("the request has no element {element} to change"));
                return;
            }
        };
        let payload = match written {
            Written::Json => Some(register::as_json(&body)),
            Written::Xml => run
                .valid
                .version()
                .and_then(|version| register::as_xml(&body, Definitions::of(version))),
        };
        if payload.is_none() {
            misused(world, "the request cannot be written in XML");
            return;
        }
        let question = Question {
            method: Method::Post,
            path: PATH.to_owned(),
            resource_type: "Patient".to_owned(),
            body: payload,
            control: Right::Registration,
            ..Question::default()
        };
        ask(world, question).await;
        keep_id(world, &actor.nhs_number);
        note_registration(world, &actor.nhs_number);
    }
    .boxed_local()
}

fn misused(world: &mut World, message: &str) {
    world.report(
        FindingKind::Error(ErrorKind::Configuration),
        "STEP-MISUSED",
        message,
        "Correct the table of the step in the feature file.",
    );
    world.stop = Some(SkipReason::EarlierStep);
}

/// A registration that was let in has created the patient, whatever else its answer says.
fn note_registration(world: &World, nhs_number: &str) {
    let page = world.first_page();
    if page.is_some_and(|page| (200..300).contains(&page.status)) {
        let reference = format!("Patient?identifier={NHS_NUMBER_SYSTEM}|{nhs_number}");
        world.created("Patient", &reference);
    }
}

/// After a registration, the id in its answer is that of the patient.
fn keep_id(world: &mut World, nhs_number: &str) {
    let page = world.first_page();
    let Some(Body::Tree(tree)) = page
        .filter(|page| (200..300).contains(&page.status))
        .map(|page| &page.body)
    else {
        return;
    };
    if let [id] = ids_of(tree, nhs_number).as_slice() {
        let id = id.clone();
        world.target_id = Some(id);
        world.in_play = None;
    }
}
