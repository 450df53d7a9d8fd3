//! A checklist: questions in plain English, what would answer them, and where each comes from.
//! Not for answers: those belong to one assessment.

use crate::day::Day;
use crate::mistake::{Mistake, Mistakes};
use crate::reading::{Text, instead, one_of};
use crate::words::{Demand, EnquiryLine, GroupRating, ItemLevel, KeyQuestion, Reach};
use plumbline_model::{Domain, PackId, Requirement, RequirementId, Severity, hexadecimal};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// The id of an item, such as `A1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemId(String);

impl ItemId {
    /// The text of the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id if it has the form of one: a capital letter and a number.
    pub fn parse(text: &str) -> Option<Self> {
        let (letter, number) = text.split_at_checked(1)?;
        let good = letter.bytes().all(|b| b.is_ascii_uppercase())
            && (1..=2).contains(&number.len())
            && number.bytes().all(|b| b.is_ascii_digit())
            && !number.starts_with('0');
        good.then(|| Self(text.to_owned()))
    }
}

impl std::fmt::Display for ItemId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

/// A document that items come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// Id within the checklist.
    pub id: String,
    /// Title.
    pub title: String,
    /// Edition, or when it was published.
    pub edition: String,
    /// Public address.
    pub url: String,
}

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// Id of a [`Document`].
    pub document: String,
    /// Section or row; may be empty.
    #[serde(default)]
    pub section: String,
}

/// Questions on one subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// The letter with which the ids of its items begin.
    pub id: String,
    /// Title.
    pub title: String,
}

/// What a rating of a group means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Characteristic {
    /// The rating.
    pub rating: GroupRating,
    /// What one would see.
    pub pattern: String,
}

/// What a run of a pack can say about an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Automated {
    /// Stable name of the test, such as `identity.nhsnumber.present`.
    pub tag: String,
    /// The pack whose runs say it, or why there is none.
    pub link: Link,
}

/// Where the answer of an automated test comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Link {
    /// From runs of a pack.
    Pack {
        /// The pack.
        pack: PackId,
        /// The requirements of the pack that speak of the item, by id.
        requirements: Vec<RequirementId>,
        /// What these requirements do not show.
        limits: String,
    },
    /// From nowhere yet.
    NotYet {
        /// Why, in plain words.
        reason: String,
    },
}

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    /// Id; the first letter is that of its group.
    pub id: ItemId,
    /// The question in a few words.
    pub short: String,
    /// The question.
    pub question: String,
    /// What good looks like, in plain English.
    pub help: String,
    /// What would answer it.
    pub evidence_wanted: Vec<String>,
    /// Automated tests.
    pub automated: Vec<Automated>,
    /// Essential or Expected.
    pub level: ItemLevel,
    /// A planning default, 1 to 5.
    pub severity: Severity,
    /// How many patients one failure could reach.
    pub reach: Reach,
    /// What can happen to a patient.
    pub harm: String,
    /// Where the question comes from.
    pub sources: Vec<Citation>,
    /// Key question of the 2018-22 framework.
    pub key_question: KeyQuestion,
    /// Lines of enquiry of the 2018-22 framework.
    pub cqc_2018_22: Vec<EnquiryLine>,
    /// The demand it serves.
    pub demand: Demand,
}

/// A checklist, read and free of mistakes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checklist {
    /// Id; the name of its file.
    pub id: String,
    /// Title.
    pub title: String,
    /// Version.
    pub version: String,
    /// Who keeps it.
    pub owner: String,
    /// When the sources were last read.
    pub last_checked: Day,
    /// SHA-256 of the file, lower-case hexadecimal.
    pub fingerprint: String,
    /// Documents, by id.
    pub documents: BTreeMap<String, Document>,
    /// Groups that have an item, in the order of the file.
    pub groups: Vec<Group>,
    /// What the ratings of a group mean.
    pub characteristics: Vec<Characteristic>,
    /// Items in the order of the file.
    pub items: Vec<Item>,
}

impl Checklist {
    /// The item with this id.
    pub fn item(&self, id: &ItemId) -> Option<&Item> {
        self.items.iter().find(|item| item.id == *id)
    }

    /// The items of a group, in order.
    pub fn items_of<'a>(&'a self, group: &'a str) -> impl Iterator<Item = &'a Item> {
        self.items
            .iter()
            .filter(move |item| item.id.as_str().starts_with(group))
    }
}

/// The requirements of the packs that there are, by pack.
pub type KnownPacks = BTreeMap<PackId, Vec<Requirement>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawChecklist {
    id: Spanned<String>,
    title: String,
    version: String,
    owner: String,
    last_checked: Day,
    document: Vec<Spanned<Document>>,
    group: Vec<Spanned<Group>>,
    characteristic: Vec<Characteristic>,
    item: Vec<Spanned<RawItem>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawItem {
    id: Spanned<String>,
    short: String,
    question: String,
    help: String,
    evidence_wanted: Vec<String>,
    #[serde(default)]
    automated: Vec<Spanned<RawAutomated>>,
    level: ItemLevel,
    severity: Spanned<u8>,
    reach: Reach,
    harm: String,
    sources: Vec<Spanned<Citation>>,
    key_question: KeyQuestion,
    #[serde(default)]
    cqc_2018_22: Vec<EnquiryLine>,
    demand: Demand,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawAutomated {
    tag: Spanned<String>,
    pack: Option<Spanned<String>>,
    #[serde(default)]
    requirements: Vec<Spanned<String>>,
    #[serde(default)]
    domains: Vec<Spanned<String>>,
    #[serde(default)]
    limits: String,
    not_yet: Option<String>,
}

/// Reads and lints a checklist. `file` is its path; `packs` are those that its tags may name.
pub fn read(file: &str, bytes: &[u8], packs: &KnownPacks) -> Result<Checklist, Mistakes> {
    let text = Text::new(file, bytes)?;
    let raw: RawChecklist = text.read()?;
    let mut linter = Linter {
        text: &text,
        packs,
        mistakes: Vec::new(),
        tags: BTreeSet::new(),
    };
    let stem = file
        .rsplit('/')
        .next()
        .and_then(|n| n.strip_suffix(".toml"));
    if stem != Some(raw.id.get_ref().as_str()) {
        linter.wrong(
            raw.id.span().start,
            "the id of a checklist is the name of its file",
            &format!("write id = \"{}\"", stem.unwrap_or_default()),
        );
    }
    let documents = linter.documents(raw.document);
    let groups = linter.groups(&raw.group);
    let ids: Vec<String> = raw
        .item
        .iter()
        .map(|item| item.get_ref().id.get_ref().clone())
        .collect();
    let items = linter.items(raw.item, &documents, &groups);
    let used = |group: &Group| ids.iter().any(|id| id.starts_with(&group.id));
    for group in raw.group.iter().filter(|g| !used(g.get_ref())) {
        linter.wrong(
            group.span().start,
            "this group has no item",
            "remove the group, or add an item whose id begins with its letter",
        );
    }
    Mistakes::none(linter.mistakes)?;
    Ok(Checklist {
        id: raw.id.into_inner(),
        title: raw.title,
        version: raw.version,
        owner: raw.owner,
        last_checked: raw.last_checked,
        fingerprint: sha256(bytes),
        documents,
        groups,
        characteristics: raw.characteristic,
        items,
    })
}

/// SHA-256 as lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

struct Linter<'a> {
    text: &'a Text<'a>,
    packs: &'a KnownPacks,
    mistakes: Vec<Mistake>,
    tags: BTreeSet<String>,
}

impl Linter<'_> {
    fn wrong(&mut self, offset: usize, cause: &str, fix: &str) {
        self.mistakes.push(self.text.mistake(offset, cause, fix));
    }

    fn documents(&mut self, raw: Vec<Spanned<Document>>) -> BTreeMap<String, Document> {
        let mut documents = BTreeMap::new();
        for document in raw {
            let offset = document.span().start;
            let document = document.into_inner();
            if !document.url.starts_with("https://") {
                self.wrong(
                    offset,
                    "the address of a document does not begin with https://",
                    "write its public address",
                );
            }
            let id = document.id.clone();
            if documents.insert(id.clone(), document).is_some() {
                self.wrong(
                    offset,
                    &format!("the document `{id}` is there already"),
                    "give each document an id of its own",
                );
            }
        }
        documents
    }

    fn groups(&mut self, raw: &[Spanned<Group>]) -> Vec<Group> {
        let mut seen = BTreeSet::new();
        let mut groups = Vec::new();
        for group in raw {
            let group_id = &group.get_ref().id;
            let letter = matches!(group_id.as_bytes(), [byte] if byte.is_ascii_uppercase());
            if !letter || !seen.insert(group_id.clone()) {
                self.wrong(
                    group.span().start,
                    &format!(
                        "the group id `{group_id}` is no single capital letter, or used before"
                    ),
                    "give each group a capital letter of its own",
                );
            }
            groups.push(group.get_ref().clone());
        }
        groups
    }

    fn items(
        &mut self,
        raw: Vec<Spanned<RawItem>>,
        documents: &BTreeMap<String, Document>,
        groups: &[Group],
    ) -> Vec<Item> {
        let mut seen = BTreeSet::new();
        let mut items = Vec::new();
        for item in raw {
            let offset = item.span().start;
            let item = item.into_inner();
            let at = item.id.span().start;
            let id = item.id.get_ref().clone();
            if !seen.insert(id.clone()) {
                self.wrong(
                    at,
                    &format!("there is an item `{id}` already"),
                    "give each item an id of its own",
                );
            }
            if !groups.iter().any(|group| id.starts_with(&group.id)) {
                self.wrong(
                    at,
                    &format!("the item `{id}` belongs to no group"),
                    "begin the id with the letter of a group",
                );
            }
            for (key, text) in [
                ("short", &item.short),
                ("question", &item.question),
                ("help", &item.help),
                ("harm", &item.harm),
            ] {
                if text.trim().is_empty() {
                    self.wrong(offset, &format!("`{key}` of `{id}` is empty"), "fill it in");
                }
            }
            if item.evidence_wanted.is_empty() || item.sources.is_empty() {
                self.wrong(
                    offset,
                    &format!("`{id}` has no evidence wanted, or no source"),
                    "write at least one of each",
                );
            }
            items.extend(self.item(item, documents));
        }
        items
    }

    fn item(&mut self, raw: RawItem, documents: &BTreeMap<String, Document>) -> Option<Item> {
        let known: Vec<&str> = documents.keys().map(String::as_str).collect();
        let mut sources = Vec::new();
        for citation in raw.sources {
            let name = citation.get_ref().document.clone();
            if !documents.contains_key(&name) {
                self.wrong(
                    citation.span().start,
                    &format!("there is no document `{name}`"),
                    &instead(&name, &known),
                );
            }
            sources.push(citation.into_inner());
        }
        let automated = raw.automated.into_iter();
        let automated = automated.filter_map(|a| self.automated(a)).collect();
        let severity = Severity::new(*raw.severity.get_ref());
        if severity.is_none() {
            self.wrong(
                raw.severity.span().start,
                "a severity is a number from 1 to 5",
                "write 1 for a nuisance up to 5 for a possible death",
            );
        }
        let id = ItemId::parse(raw.id.get_ref());
        if id.is_none() {
            self.wrong(
                raw.id.span().start,
                "the id of an item is a capital letter and a number",
                "write an id such as \"A1\"",
            );
        }
        Some(Item {
            id: id?,
            short: raw.short,
            question: raw.question,
            help: raw.help,
            evidence_wanted: raw.evidence_wanted,
            automated,
            level: raw.level,
            severity: severity?,
            reach: raw.reach,
            harm: raw.harm,
            sources,
            key_question: raw.key_question,
            cqc_2018_22: raw.cqc_2018_22,
            demand: raw.demand,
        })
    }

    fn automated(&mut self, raw: Spanned<RawAutomated>) -> Option<Automated> {
        let offset = raw.span().start;
        let raw = raw.into_inner();
        let tag = raw.tag.get_ref().clone();
        let form = !tag.is_empty()
            && tag
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-".contains(&b));
        if !form {
            self.wrong(
                raw.tag.span().start,
                &format!("`{tag}` is no name of a test"),
                "write small letters, digits, points and hyphens",
            );
        }
        let link = self.link(offset, raw)?;
        // The same test may be done by two packs, so the name and the pack together are used once.
        let key = match &link {
            Link::Pack { pack, .. } => format!("{tag} {pack}"),
            Link::NotYet { .. } => tag.clone(),
        };
        if !self.tags.insert(key) {
            self.wrong(
                offset,
                &format!("the test `{tag}` is there already"),
                "name each test of a pack once",
            );
        }
        Some(Automated { tag, link })
    }

    fn link(&mut self, offset: usize, raw: RawAutomated) -> Option<Link> {
        let names_rules = !raw.requirements.is_empty() || !raw.domains.is_empty();
        match (raw.pack, raw.not_yet) {
            (Some(pack), None) if names_rules && !raw.limits.is_empty() => {
                self.pack_link(&pack, &raw.requirements, &raw.domains, raw.limits)
            }
            (None, Some(reason)) if !names_rules && raw.limits.is_empty() => {
                Some(Link::NotYet { reason })
            }
            _ => {
                self.wrong(
                    offset,
                    "an automated test has either `pack` with `requirements` or `domains` and `limits`, \
                     or `not_yet` alone",
                    "name the pack and its rules and what they do not show, or say why no pack tests it yet",
                );
                None
            }
        }
    }

    fn pack_link(
        &mut self,
        pack: &Spanned<String>,
        requirements: &[Spanned<String>],
        domains: &[Spanned<String>],
        limits: String,
    ) -> Option<Link> {
        let id = PackId::from(pack.get_ref().as_str());
        let packs = self.packs;
        let Some(known) = packs.get(&id) else {
            let names: Vec<&str> = packs.keys().map(PackId::as_str).collect();
            self.wrong(
                pack.span().start,
                &format!("there is no pack `{id}`"),
                &instead(id.as_str(), &names),
            );
            return None;
        };
        let mut rules = BTreeSet::new();
        let ids: Vec<&str> = known.iter().map(|r| r.id.as_str()).collect();
        for rule in requirements {
            if ids.contains(&rule.get_ref().as_str()) {
                rules.insert(RequirementId::from(rule.get_ref().as_str()));
            } else {
                self.wrong(
                    rule.span().start,
                    &format!("the pack `{id}` has no requirement `{}`", rule.get_ref()),
                    &format!("see requirements.csv of the pack {id}"),
                );
            }
        }
        for domain in domains {
            let wanted = Domain::from_key(domain.get_ref());
            let found = known.iter().filter(|r| Some(r.domain) == wanted);
            let before = rules.len();
            rules.extend(found.map(|r| r.id.clone()));
            if rules.len() == before {
                let keys: Vec<&str> = Domain::ALL.iter().map(|d| d.key()).collect();
                self.wrong(
                    domain.span().start,
                    &format!(
                        "the pack `{id}` has no requirement of the domain `{}` beyond those named",
                        domain.get_ref()
                    ),
                    &one_of(&keys, "remove it"),
                );
            }
        }
        Some(Link::Pack {
            pack: id,
            requirements: rules.into_iter().collect(),
            limits,
        })
    }
}

#[cfg(test)]
#[path = "checklist_tests.rs"]
mod tests;
