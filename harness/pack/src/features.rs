//! Feature files: parses them, expands outlines, and checks tags and steps against the pack.

use crate::feature_scan::{Scan, scan};
use crate::feature_steps::check_placeholders;
use crate::outline::{Expanded, expand};
use crate::pack::{Feature, PlannedStep, Scenario};
use crate::pack_file::PackFile;
use crate::requirements::Rules;
use crate::source::Source;
use crate::steps::StepTable;
use crate::suggest::{closest, instead};
use gherkin::{GherkinEnv, Step, StepType};
use plumbline_model::{
    ActorRole, Capability, DirectoryFact, Person, RequirementId, ScenarioId, StepKind,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A scenario judges one behaviour; more steps than this are two behaviours.
const MOST_STEPS: usize = 10;

const TAGS: [&str; 5] = ["id:", "req:", "capability:", "mutates", "advisory"];

/// What the features are checked against, and what they add up to.
pub(crate) struct Checker<'a> {
    pub(crate) pack: Option<&'a PackFile>,
    pub(crate) rules: Option<&'a Rules>,
    pub(crate) people: &'a BTreeMap<ActorRole, Person>,
    pub(crate) directory: &'a BTreeMap<ActorRole, DirectoryFact>,
    pub(crate) steps: &'a dyn StepTable,
    /// Scenario ids with file and line of their first use.
    pub(crate) ids: BTreeMap<String, String>,
    /// Scenario ids of the other packs, with file and line.
    pub(crate) foreign_ids: BTreeMap<String, String>,
    /// Whether the parser sees every step of the file that is read.
    pub(crate) steps_are_whole: bool,
    /// Rules that a scored scenario carries.
    pub(crate) scored: BTreeSet<String>,
}

impl Checker<'_> {
    /// Reads one file; `None` if it cannot be parsed.
    pub(crate) fn read(&mut self, source: &Source<'_>, file: &str) -> Option<Feature> {
        if scan(source, self.steps) == Scan::Hopeless {
            return None;
        }
        // A step that the parser takes for description is missed by those after it.
        self.steps_are_whole = !source.has_errors();
        let mut parsed = match gherkin::Feature::parse(source.text, GherkinEnv::default()) {
            Ok(parsed) => parsed,
            Err(error) => {
                report_parse_error(source, &error.to_string());
                return None;
            }
        };
        let feature_line = keyword_line(source, parsed.span.start);
        if parsed.name.trim().is_empty() {
            source.error(
                source.line_range(feature_line),
                "the feature has no name",
                "say after `Feature:` what it is about",
            );
        }
        let mut scenarios = Vec::new();
        let inherited = Inherited {
            tags: parsed.tags.clone(),
            steps: self.background(source, parsed.background.as_mut()),
        };
        let all = std::mem::take(&mut parsed.scenarios);
        let mut found = self.scenarios(source, all, &inherited, &mut scenarios);
        for rule in &mut parsed.rules {
            let mut inherited = Inherited {
                tags: inherited.tags.clone(),
                steps: inherited.steps.clone(),
            };
            inherited.tags.extend(rule.tags.iter().cloned());
            inherited
                .steps
                .extend(self.background(source, rule.background.as_mut()));
            let all = std::mem::take(&mut rule.scenarios);
            found += self.scenarios(source, all, &inherited, &mut scenarios);
        }
        if found == 0 {
            source.error(
                source.line_range(feature_line),
                "the feature has no scenario",
                "add one, or remove the file",
            );
        }
        Some(Feature {
            file: file.to_owned(),
            name: parsed.name,
            scenarios,
        })
    }

    fn background(
        &self,
        source: &Source<'_>,
        background: Option<&mut gherkin::Background>,
    ) -> Vec<PlannedStep> {
        let steps = background
            .map(|b| plan(source, &mut b.steps))
            .unwrap_or_default();
        for step in &steps {
            self.check_step(source, step, None);
        }
        steps
    }

    /// How many there are, with each row of an outline as one.
    fn scenarios(
        &mut self,
        source: &Source<'_>,
        all: Vec<gherkin::Scenario>,
        inherited: &Inherited,
        out: &mut Vec<Scenario>,
    ) -> usize {
        let mut found = 0;
        for mut scenario in all {
            let line = keyword_line(source, scenario.span.start);
            let place = Place {
                source,
                line,
                offset: source.line_range(line).start,
            };
            let own = plan(source, &mut scenario.steps);
            place.check_shape(&scenario, &own, inherited);
            for Expanded {
                mut scenario,
                row,
                line,
            } in expand(source, &scenario, line)
            {
                let steps = plan(source, &mut scenario.steps);
                for (step, template) in steps.iter().zip(&own) {
                    // Only what the row filled in can be wrong because of the row.
                    let filled = row.is_some() && step.text != template.text;
                    self.check_step(source, step, filled.then_some(line));
                    if row.is_some() {
                        check_placeholders(source, step);
                    }
                }
                let steps: Vec<_> = inherited.steps.iter().cloned().chain(steps).collect();
                if self.steps_are_whole {
                    self.check_flow(source, place.line, &steps);
                }
                let tags: Vec<String> = inherited
                    .tags
                    .iter()
                    .chain(&scenario.tags)
                    .cloned()
                    .collect();
                if !tags.iter().any(|tag| tag == "mutates") {
                    self.check_harmless(source, &steps);
                }
                let read = self.read_tags(&place, &tags, row);
                if let (Some(read), Some(row)) = (&read, row) {
                    let whole = format!("id:{}", read.id);
                    let stem = whole
                        .strip_suffix(&format!("-{row}"))
                        .unwrap_or(&whole)
                        .to_owned();
                    for tag in scenario.tags.iter_mut().filter(|t| **t == stem) {
                        tag.clone_from(&whole);
                    }
                }
                if let Some(read) = read {
                    out.push(Scenario {
                        id: read.id,
                        name: scenario.name.clone(),
                        requirement: read.requirement,
                        scored: read.scored,
                        capability: read.capability,
                        mutates: tags.iter().any(|t| t == "mutates"),
                        tags: inherited
                            .tags
                            .iter()
                            .chain(&scenario.tags)
                            .cloned()
                            .collect(),
                        line,
                        steps: Arc::new(steps),
                    });
                }
                found += 1;
            }
        }
        found
    }

    fn read_tags(
        &mut self,
        place: &Place<'_, '_>,
        tags: &[String],
        row: Option<usize>,
    ) -> Option<Tags> {
        for tag in tags {
            place.check_tag(tag);
        }
        let id = place.single(tags, "id:", "a stable id such as @id:abc-search");
        let requirement =
            place.single(tags, "req:", "the rule it judges, such as @req:ABC-PAT-001");
        let capability = place.single(
            tags,
            "capability:",
            "its capability, such as @capability:patient-index",
        );
        let scored = !tags.iter().any(|t| t == "advisory");
        if let Some(id) = id {
            self.check_id(place, id, row);
        }
        if let Some(capability) = capability {
            self.check_capability(place, capability);
        }
        if let Some(requirement) = requirement {
            if scored {
                self.scored.insert(requirement.to_owned());
            }
            self.check_requirement(place, requirement, capability, scored);
        }
        let id = match row {
            Some(row) => format!("{}-{row}", id?),
            None => id?.to_owned(),
        };
        Some(Tags {
            id: ScenarioId::new(id),
            requirement: RequirementId::new(requirement?),
            capability: Capability::new(capability?),
            scored,
        })
    }

    fn check_id(&mut self, place: &Place<'_, '_>, id: &str, row: Option<usize>) {
        let good = !id.is_empty()
            && id
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !good {
            place.tag_error(
                &format!("id:{id}"),
                format!("the id `{id}` holds more than small letters, digits and hyphens"),
                "write an id such as @id:abc-search",
            );
        }
        let here = format!("{}:{}", place.source.path, place.line);
        // The rows of an outline take numbers, which a plain id could collide with.
        let whole = row.map_or_else(|| id.to_owned(), |row| format!("{id}-{row}"));
        let names = [id.to_owned(), whole];
        if let Some(other) = self.foreign_ids.get(id) {
            place.tag_error(
                &format!("id:{id}"),
                format!("the id `{id}` is already used by another pack, at {other}"),
                "begin the ids of a pack with letters of its own, such as @id:abc-search",
            );
        }
        for name in names.iter().take(if row.is_some() { 2 } else { 1 }) {
            match self.ids.get(name) {
                Some(first) if *first != here => place.tag_error(
                    &format!("id:{id}"),
                    format!("the id `{name}` is already used at {first}"),
                    "give each scenario its own id",
                ),
                Some(_) => {}
                None => {
                    self.ids.insert(name.clone(), here.clone());
                }
            }
        }
    }

    fn check_capability(&self, place: &Place<'_, '_>, capability: &str) {
        let Some(pack) = self.pack else { return };
        let known: Vec<&str> = pack.capabilities();
        if !known.contains(&capability) {
            place.tag_error(
                &format!("capability:{capability}"),
                format!("the capability `{capability}` is in no scope profile of pack.toml"),
                instead(capability, &known),
            );
        }
    }

    fn check_requirement(
        &self,
        place: &Place<'_, '_>,
        id: &str,
        capability: Option<&str>,
        scored: bool,
    ) {
        let Some(rules) = self.rules else { return };
        let tag = format!("req:{id}");
        if !rules.ids.contains_key(id) {
            let fix = match closest(id, rules.ids.keys().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "add the rule to requirements.csv, or correct the tag".to_owned(),
            };
            place.tag_error(
                &tag,
                format!("there is no rule `{id}` in requirements.csv"),
                fix,
            );
        }
        let Some(row) = rules.rows.iter().find(|r| r.requirement.id.as_str() == id) else {
            return;
        };
        let wanted = row.requirement.capability.as_str();
        if let Some(capability) = capability
            && capability != wanted
        {
            place.tag_error(
                &format!("capability:{capability}"),
                format!("the scenario's capability `{capability}` differs from that of {id}"),
                format!("write @capability:{wanted}, or correct requirements.csv"),
            );
        }
        if scored && !row.requirement.source.read_twice() {
            place.tag_error(
                &tag,
                format!("the scenario is scored, but {id} was not read twice in its source"),
                "tag the scenario @advisory until `read_first` and `read_second` are filled in",
            );
        }
    }
}

/// Tags and steps that come from the feature or rule around a scenario.
struct Inherited {
    tags: Vec<String>,
    steps: Vec<PlannedStep>,
}

/// What the tags of a scenario say.
struct Tags {
    id: ScenarioId,
    requirement: RequirementId,
    capability: Capability,
    scored: bool,
}

/// A scenario's place in its file.
struct Place<'a, 's> {
    source: &'a Source<'s>,
    line: u32,
    offset: usize,
}

impl Place<'_, '_> {
    fn error(&self, cause: impl Into<String>, fix: impl Into<String>) {
        self.source
            .error(self.source.line_range(self.line), cause, fix);
    }

    /// Points at a tag: the nearest one above the keyword, else one of an examples table below it.
    fn tag_error(&self, tag: &str, cause: impl Into<String>, fix: impl Into<String>) {
        let text = format!("@{tag}");
        let whole = |at: &usize| {
            let after = self.source.text[at + text.len()..].chars().next();
            after.is_none_or(|c| c.is_whitespace() || c == '@')
        };
        let found = |part: std::ops::Range<usize>| {
            let base = part.start;
            self.source.text[part]
                .match_indices(&text)
                .map(move |(at, _)| base + at)
        };
        let above = found(0..self.offset).filter(whole).last();
        let at = above.or_else(|| found(self.offset..self.source.text.len()).find(whole));
        match at {
            Some(at) => self.source.error(at..at + text.len(), cause, fix),
            None => self.error(cause, fix),
        }
    }

    fn check_tag(&self, tag: &str) {
        let known = TAGS.iter().any(|known| {
            if known.ends_with(':') {
                tag.starts_with(known)
            } else {
                tag == *known
            }
        });
        if known {
            return;
        }
        let (prefix, all) = match tag.split_once(':') {
            Some((prefix, _)) => (format!("{prefix}:"), TAGS),
            None => (tag.to_owned(), TAGS),
        };
        let fix = match closest(&prefix, all) {
            Some(near) => format!("did you mean `@{near}`?"),
            None => "use @id:, @req:, @capability:, @mutates or @advisory".to_owned(),
        };
        self.tag_error(tag, format!("the tag `@{tag}` is not known"), fix);
    }

    /// The value of a tag that must be there exactly once.
    fn single<'t>(&self, tags: &'t [String], prefix: &str, example: &str) -> Option<&'t str> {
        let mut values: Vec<&str> = tags.iter().filter_map(|t| t.strip_prefix(prefix)).collect();
        values.dedup();
        if values.len() > 1 {
            self.error(
                format!("the scenario has more than one @{prefix} tag"),
                "keep one; a scenario judges one behaviour of one rule",
            );
            return None;
        }
        let value = values.first().copied();
        if value.is_none() {
            self.error(
                format!("the scenario has no @{prefix} tag"),
                format!("add {example}"),
            );
        }
        value
    }

    fn check_shape(
        &self,
        scenario: &gherkin::Scenario,
        own: &[PlannedStep],
        inherited: &Inherited,
    ) {
        if scenario.name.trim().is_empty() {
            self.error(
                "the scenario has no name",
                "say after the colon what is expected",
            );
        }
        if own.is_empty() {
            self.error(
                "the scenario has no steps",
                "add When and Then, or remove it",
            );
        } else if !own
            .iter()
            .chain(&inherited.steps)
            .any(|s| s.kind == StepKind::Assertion)
        {
            self.error(
                "the scenario judges nothing: it has no Then",
                "add a Then step that names what must be seen",
            );
        }
        if own.len() > MOST_STEPS {
            self.error(
                format!(
                    "the scenario has {} steps, more than {MOST_STEPS}",
                    own.len()
                ),
                "split it: one scenario, one behaviour",
            );
        }
    }
}

/// Plans steps, and corrects the lines that the parser gives.
fn plan(source: &Source<'_>, steps: &mut [Step]) -> Vec<PlannedStep> {
    steps
        .iter_mut()
        .map(|step| {
            let line = keyword_line(source, step.span.start);
            step.position.line = line as usize;
            PlannedStep {
                kind: match step.ty {
                    StepType::Given => StepKind::Setup,
                    StepType::When => StepKind::Action,
                    StepType::Then => StepKind::Assertion,
                },
                keyword: step.keyword.trim().to_owned(),
                text: step.value.clone(),
                table: step.table.as_ref().map(|t| t.rows.clone()),
                docstring: step.docstring.as_deref().map(|text| {
                    let text = text.strip_prefix('\r').unwrap_or(text);
                    text.strip_prefix('\n')
                        .unwrap_or(text)
                        .trim_end()
                        .to_owned()
                }),
                line,
            }
        })
        .collect()
}

/// The line of a keyword; the parser's span may begin at comments and tags before it.
fn keyword_line(source: &Source<'_>, start: usize) -> u32 {
    let mut at = start.min(source.text.len());
    for line in source.text[at..].split_inclusive('\n') {
        let text = line.trim();
        if !text.is_empty() && !text.starts_with(['#', '@']) {
            break;
        }
        at += line.len();
    }
    source.line(at)
}

fn report_parse_error(source: &Source<'_>, message: &str) {
    // The parser's error keeps its position private; its text begins "Error at line:column".
    let line = message
        .strip_prefix("Error at ")
        .and_then(|rest| rest.split(':').next())
        .and_then(|line| line.parse().ok())
        .unwrap_or(1);
    source.error(
        source.line_range(line),
        "the feature file cannot be read from about this line on",
        "look here and in the line before for a missing keyword, colon or quotation mark",
    );
}
