//! Reads patients of a target for `plumbline actors suggest`: lists them, or looks them up by number.
//! Live answers stay in memory. An unknown number outside the test range ends the command at once.

use crate::failure::Failure;
use crate::load;
use plumbline_actors::{Area, Asked, Candidate, Held, NHS_NUMBER_SYSTEM, Next};
use plumbline_http::{Client, Outcome, Request};
use plumbline_model::{ActorRole, Capability, ExitCode, Person};
use plumbline_pack::TargetFile;
use plumbline_redact::{KnownValue, Policy};
use plumbline_tree::{Limits, Tree};
use std::collections::{BTreeMap, BTreeSet};

/// Pages of a list of patients that are read, at most.
const MOST_LIST_PAGES: usize = 4;
/// Pages of one patient's records that are read, at most; as in a run.
const MOST_PAGES: usize = 20;

/// The patients of one target.
pub(crate) struct Patients {
    client: Client,
    policy: Policy,
    target: TargetFile,
    mock: Option<String>,
    answered: bool,
}

/// Pages of a result.
struct Pages {
    trees: Vec<Tree>,
    /// Why there may be more, if so.
    stopped: Option<&'static str>,
}

fn insufficient(message: String) -> Failure {
    Failure {
        code: ExitCode::Insufficient,
        message,
    }
}

impl Patients {
    /// For a target; `given` are numbers that the user named, which count as in the actor map.
    pub fn new(
        target: TargetFile,
        people: &BTreeMap<ActorRole, Person>,
        given: &[String],
    ) -> Result<Self, Failure> {
        let (client, secrets) = load::client(&target)?;
        let mut known = plumbline_runner::known_values(&target, people, &BTreeMap::new());
        known.extend(given.iter().map(|number| KnownValue {
            value: number.clone(),
            label: "nhs-number of a candidate".to_owned(),
            synthetic: false,
        }));
        Ok(Self {
            client,
            policy: Policy::new(target.environment, known).with_secrets(secrets),
            target,
            mock: None,
            answered: false,
        })
    }

    /// The name of the mock, if the target said that it is one.
    pub fn mock(&self) -> Option<&str> {
        self.mock.as_deref()
    }

    /// NHS numbers of the test range that the target lists, and how many other patients it listed.
    pub async fn listed(&mut self, asked: &Asked) -> Result<(Vec<String>, usize), Failure> {
        let query = vec![("_count".to_owned(), "50".to_owned())];
        let capability = asked.capabilities.get(&Area::Identity);
        let pages = self
            .pages("Patient", query, capability, MOST_LIST_PAGES)
            .await?
            .map_err(|why| {
                insufficient(format!(
                    "error: the system does not list its patients: {why}\n  help: write the NHS \
                     numbers of test patients into a file, one a line, and name it with --candidates"
                ))
            })?;
        let (mut numbers, mut ignored): (Vec<String>, usize) = (Vec::new(), 0);
        for page in &pages.trees {
            let listed = plumbline_actors::listed(page).unwrap_or_default();
            ignored += listed.ignored;
            for number in listed.numbers {
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
        }
        Ok((numbers, ignored))
    }

    /// What the patient with that number is like; the inner error says why that cannot be told.
    pub async fn candidate(
        &mut self,
        number: &str,
        asked: &Asked,
    ) -> Result<Result<Candidate, String>, Failure> {
        let identifier = format!("{NHS_NUMBER_SYSTEM}|{number}");
        let query = vec![("identifier".to_owned(), identifier)];
        let capability = asked.capabilities.get(&Area::Identity);
        let page = match self.pages("Patient", query, capability, 1).await? {
            Ok(pages) => pages.trees.into_iter().next(),
            Err(why) => return Ok(Err(format!("the search by NHS number: {why}"))),
        };
        let details = match page.map(|page| plumbline_actors::details(&page, number)) {
            Some(Ok(details)) => details,
            Some(Err(why)) => return Ok(Err(why.to_owned())),
            None => return Ok(Err("there was no answer".to_owned())),
        };
        let mut held = BTreeMap::new();
        for (area, capability) in &asked.capabilities {
            if *area == Area::Identity {
                continue;
            }
            let query = vec![("patient".to_owned(), details.id.clone())];
            let path = area.resource_type();
            let found = match self
                .pages(path, query, Some(capability), MOST_PAGES)
                .await?
            {
                Err(why) => Held::Unknown(why),
                Ok(Pages {
                    stopped: Some(why), ..
                }) => Held::Unknown(why.to_owned()),
                Ok(pages) => plumbline_actors::records(&pages.trees, *area, &details, number)
                    .map_or_else(
                        || Held::Unknown("the answer is no result".to_owned()),
                        Held::All,
                    ),
            };
            held.insert(*area, found);
        }
        Ok(Ok(Candidate {
            nhs_number: number.to_owned(),
            details,
            held,
        }))
    }

    /// The pages of a search; the inner error says in our words why there is no result.
    async fn pages(
        &mut self,
        path: &str,
        query: Vec<(String, String)>,
        capability: Option<&Capability>,
        most: usize,
    ) -> Result<Result<Pages, String>, Failure> {
        let capability = capability.map(ToString::to_string);
        let capability = capability.filter(|c| self.target.base_urls.contains_key(c));
        let base = capability.as_deref().unwrap_or("default");
        let mut base = self.target.base_urls.get(base).cloned();
        if let Some(base) = base.as_mut().filter(|base| !base.path().ends_with('/')) {
            let folder = format!("{}/", base.path());
            base.set_path(&folder);
        }
        let mut request = Request {
            capability,
            path: path.to_owned(),
            query,
            absolute: None,
            accept: "application/fhir+json".to_owned(),
            headers: Vec::new(),
            sign_in: true,
            ..Request::default()
        };
        let mut seen = BTreeSet::new();
        let mut pages = Pages {
            trees: Vec::new(),
            stopped: None,
        };
        loop {
            let tree = match self.get(request.clone()).await? {
                Ok(tree) => tree,
                Err(why) => return Ok(Err(why)),
            };
            let next = plumbline_actors::next_link(&tree);
            pages.trees.push(tree);
            let link = match next {
                Next::End => return Ok(Ok(pages)),
                Next::Unreadable => {
                    return Ok(Err("the answer is not a searchset Bundle".to_owned()));
                }
                Next::Page(link) => base.as_ref().and_then(|base| base.join(&link).ok()),
            };
            pages.stopped = match &link {
                None => Some("a next link is no address"),
                Some(url) if !self.client.origin_allowed(url) => {
                    Some("a next link leads away from the target")
                }
                Some(url) if !seen.insert(url.to_string()) => Some("a next link leads back"),
                Some(_) if pages.trees.len() >= most => Some("there are more pages than are read"),
                Some(_) => None,
            };
            if pages.stopped.is_some() {
                return Ok(Ok(pages));
            }
            request.absolute = link;
        }
    }

    /// One answer as JSON.
    async fn get(&mut self, request: Request) -> Result<Result<Tree, String>, Failure> {
        let response = match self.client.get(request).await.outcome {
            Outcome::Response(response) => response,
            Outcome::NoAnswer(why) if self.answered => return Ok(Err(why.words().to_string())),
            Outcome::NoAnswer(why) => {
                return Err(insufficient(format!(
                    "error: the system could not be reached: {}\n  help: check base_urls and [auth] \
                     in the target file",
                    why.words()
                )));
            }
        };
        self.answered = true;
        if let Some(name) = response.header("x-plumbline-mock") {
            let name = self.policy.mock_name(name);
            self.mock.get_or_insert(name);
        }
        let status = response.status;
        let tree = Tree::parse(response.body, &Limits::default());
        if let Ok(tree) = &tree
            && self.policy.tripwire(tree).is_some()
        {
            return Err(insufficient(
                "error: a valid NHS number outside the test range came back, so the command was \
                 stopped and nothing was kept\n  help: point the target file at an environment that \
                 holds test patients only; if the patient is a test patient, name the number in a \
                 file with --candidates"
                    .to_owned(),
            ));
        }
        Ok(match (status, tree) {
            (200, Ok(tree)) => Ok(tree),
            (200, Err(_)) => Err("the answer is not JSON".to_owned()),
            (401, _) => {
                return Err(insufficient(
                    "error: the system refuses our credentials (status 401)\n  help: check [auth] in \
                     the target file and the secret that it names"
                        .to_owned(),
                ));
            }
            (status, _) => Err(format!("status {status}")),
        })
    }
}
