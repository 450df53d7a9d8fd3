//! Judges an element by a compiled profile: how often its children stand, their types, and everything below.
//! Not the single kinds of rules: values.rs, slices.rs, laws.rs, target.rs, extension.rs.

use super::compiled::{Child, Node, Profile, TypeRule};
use super::name::Members;
use super::rules;
use super::target::Job;
use crate::binding::{self, Binder, Coded};
use crate::knowledge::Knowledge;
use crate::place::{Place, element_node, path_of};
use crate::report::Report;
use plumbline_fhir::profile_facts::Bound;
use plumbline_fhir::validate::Severity;
use plumbline_fhir::{BestPractice, Issue, Options, Rule, TypeKind};
use plumbline_fhirpath::{Element, TypeInfo as _};

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::Arc;

/// How many elements and profiles may be inside each other.
const MOST_DEPTH: usize = 128;

/// Where references lead.
pub(crate) type Around<'a> = crate::reference::Index<'a>;

/// What is found is said of this profile.
#[derive(Debug, Clone, Copy)]
pub(super) struct Titled<'p> {
    pub(super) title: &'p str,
}

/// Whether an element keeps to a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// It does; if clean, there is nothing at all to report.
    Kept { is_clean: bool },
    /// How many errors there are, and what the first says.
    Broken { errors: u32, first: String },
    /// It cannot be known, and why.
    Unknown(String),
}

/// What a trial finds.
#[derive(Debug, Default)]
struct Tally {
    errors: u32,
    first: Option<String>,
    unknown: Option<String>,
    has_more: bool,
}

/// An element by its tree and the offset of its node, and a profile: the tree and the profile by their addresses in memory.
pub(super) type Pair = (usize, usize, usize);

/// Judges the elements of one tree.
pub(super) struct Judge<'k, 'a> {
    pub(super) knowledge: &'k Knowledge,
    pub(super) around: &'k Around<'a>,
    pub(super) report: Report,
    pub(super) coded: Coded,
    /// References whose target was to keep to a profile and is not in the body.
    pub(super) targets_not_checked: u64,
    /// Profiles that others name and that cannot be checked, and why.
    pub(super) unknown: BTreeMap<String, String>,
    /// Addresses of extensions that are not known.
    pub(super) unknown_extensions: BTreeSet<String>,
    pub(super) jobs: VecDeque<Job<'a>>,
    trials: Vec<Tally>,
    standings: HashMap<Pair, Standing>,
    done: HashSet<Pair>,
    /// What the profile that is checked is of.
    pub(super) subject: Option<Element<'a>>,
    /// What is being judged, the innermost last.
    pub(super) open: Vec<Pair>,
    depth: usize,
    /// Whether that was said.
    is_too_deep: bool,
    /// What is said of best practice.
    pub(super) best_practice: BestPractice,
}

impl<'k, 'a> Judge<'k, 'a> {
    pub(super) fn new(knowledge: &'k Knowledge, around: &'k Around<'a>, options: Options) -> Self {
        Self {
            knowledge,
            around,
            report: Report::new(options),
            coded: Coded::default(),
            targets_not_checked: 0,
            unknown: BTreeMap::new(),
            unknown_extensions: BTreeSet::new(),
            jobs: VecDeque::new(),
            trials: Vec::new(),
            standings: HashMap::new(),
            done: HashSet::new(),
            subject: None,
            open: Vec::new(),
            depth: 0,
            is_too_deep: false,
            best_practice: options.best_practice,
        }
    }

    /// For a condition that asks about a profile: what is being judged already is taken to keep to its profile, so
    /// that profiles that ask about each other end.
    pub(super) fn asked(knowledge: &'k Knowledge, around: &'k Around<'a>, open: &[Pair]) -> Self {
        let mut judge = Self::new(knowledge, around, Options::default());
        let kept = Standing::Kept { is_clean: false };
        judge
            .standings
            .extend(open.iter().map(|it| (*it, kept.clone())));
        judge.open = open.to_vec();
        judge
    }

    /// Whether what is found is not reported but counted.
    pub(super) fn is_trial(&self) -> bool {
        !self.trials.is_empty()
    }

    /// Something that is wrong at an element.
    pub(super) fn find(
        &mut self,
        rule: &'static Rule,
        at: Element<'a>,
        words: &[&str],
        expected: &str,
        actual: &str,
    ) {
        self.add(
            rule.code.into(),
            rule,
            rule.severity,
            at,
            None,
            words,
            expected,
            actual,
        );
    }

    /// Something that is wrong with a child that is not there.
    pub(super) fn find_below(
        &mut self,
        rule: &'static Rule,
        at: Element<'a>,
        child: &str,
        words: &[&str],
        expected: &str,
        actual: &str,
    ) {
        self.add(
            rule.code.into(),
            rule,
            rule.severity,
            at,
            Some(child),
            words,
            expected,
            actual,
        );
    }

    #[expect(clippy::too_many_arguments, reason = "what an issue is made of")]
    pub(super) fn add(
        &mut self,
        code: Cow<'static, str>,
        rule: &'static Rule,
        severity: Severity,
        at: Element<'a>,
        child: Option<&str>,
        words: &[&str],
        expected: &str,
        actual: &str,
    ) {
        if let Some(tally) = self.trials.last_mut() {
            if severity == Severity::Error {
                tally.errors += 1;
                tally.first.get_or_insert_with(|| rule.message(words));
            } else {
                tally.has_more = true;
            }
            return;
        }
        if !self.report.has_room(severity) {
            return self.report.count(severity);
        }
        let node = at.value().or(at.body());
        let position = node.map(plumbline_tree::Node::position);
        let mut path = path_of(self.knowledge.types, at);
        if let Some(child) = child {
            path.push('.');
            path.push_str(child);
        }
        self.report.push(Issue {
            code,
            severity,
            message: rule.message(words),
            path,
            offset: node.map(|it| it.offset() as u64),
            line: position.map(|it| it.line),
            column: position.map(|it| it.column),
            expected: expected.to_owned(),
            actual: actual.to_owned(),
        });
    }

    /// Says that something cannot be known: in a trial the trial cannot either.
    pub(super) fn cannot_know(&mut self, reason: &str) {
        if let Some(tally) = self.trials.last_mut() {
            tally.unknown.get_or_insert_with(|| reason.to_owned());
        }
    }

    /// Says that there is more to do than a trial does.
    pub(super) fn has_more(&mut self) {
        if let Some(tally) = self.trials.last_mut() {
            tally.has_more = true;
        }
    }

    /// A profile that another one names; notes why it cannot be checked.
    pub(super) fn profile_named(&mut self, canonical: &str) -> Option<Arc<Profile>> {
        match self.knowledge.profiles.profile(self.knowledge, canonical) {
            Ok(profile) => Some(profile),
            Err(reason) => {
                self.cannot_know(&format!("the profile {canonical} is not checked: {reason}"));
                if !self.is_trial() {
                    self.unknown.entry(canonical.to_owned()).or_insert(reason);
                }
                None
            }
        }
    }

    /// Judges an element by a profile, once.
    pub(super) fn profile(&mut self, profile: &Arc<Profile>, element: Element<'a>) {
        if self.is_trial() {
            let standing = self.standing(profile, element);
            let Some(tally) = self.trials.last_mut() else {
                return;
            };
            match standing {
                Standing::Kept { is_clean } => tally.has_more |= !is_clean,
                Standing::Broken { errors, first } => {
                    tally.errors += errors;
                    tally.first.get_or_insert(first);
                }
                Standing::Unknown(reason) => {
                    tally.unknown.get_or_insert(reason);
                }
            }
            return;
        }
        let Some(pair) = pair(profile, element) else {
            return;
        };
        let is_clean = self.standings.get(&pair) == Some(&Standing::Kept { is_clean: true });
        if self.done.insert(pair) && !is_clean {
            self.open.push(pair);
            self.whole(profile, element);
            self.open.pop();
        }
    }

    /// Whether the profile was checked of this element, so that what is wrong was reported.
    pub(super) fn is_done(&self, profile: &Arc<Profile>, element: Element<'a>) -> bool {
        pair(profile, element).is_some_and(|it| self.done.contains(&it))
    }

    /// Whether an element keeps to a profile; nothing is reported.
    pub(super) fn standing(&mut self, profile: &Arc<Profile>, element: Element<'a>) -> Standing {
        let Some(pair) = pair(profile, element) else {
            return Standing::Kept { is_clean: true };
        };
        if let Some(known) = self.standings.get(&pair) {
            return known.clone();
        }
        // A profile that comes back to itself with the same element asks for nothing more.
        self.standings
            .insert(pair, Standing::Kept { is_clean: false });
        self.open.push(pair);
        let standing = self.trial(|judge| judge.whole(profile, element));
        self.open.pop();
        self.standings.insert(pair, standing.clone());
        standing
    }

    /// Judges without reporting.
    pub(super) fn trial(&mut self, work: impl FnOnce(&mut Self)) -> Standing {
        self.trials.push(Tally::default());
        work(self);
        let tally = self.trials.pop().unwrap_or_default();
        match (tally.first, tally.unknown) {
            (Some(first), _) => Standing::Broken {
                errors: tally.errors,
                first,
            },
            (None, Some(reason)) => Standing::Unknown(reason),
            (None, None) => Standing::Kept {
                is_clean: !tally.has_more,
            },
        }
    }

    fn whole(&mut self, profile: &Profile, element: Element<'a>) {
        let types = self.knowledge.types;
        let is_other = match (element.type_id(), profile.type_id) {
            (Some(actual), Some(wanted)) => {
                !types.is_a(actual, wanted) && !types.is_a(wanted, actual)
            }
            _ => false,
        };
        if is_other {
            let actual = element
                .type_id()
                .map(|it| types.name(it))
                .unwrap_or_default();
            let words = [profile.title.as_str(), &profile.of, actual];
            return self.find(&rules::OTHER_RESOURCE, element, &words, &profile.of, actual);
        }
        let of = Titled {
            title: &profile.title,
        };
        let outer = self.subject.replace(element);
        self.item(&of, &profile.root, element);
        self.subject = outer;
    }

    /// Judges one element by what is said of it.
    pub(super) fn item(&mut self, of: &Titled<'_>, node: &Node, element: Element<'a>) {
        if self.depth >= MOST_DEPTH {
            self.cannot_know("it is too deep");
            if !self.is_trial() && !std::mem::replace(&mut self.is_too_deep, true) {
                let words = [of.title, node.id.as_str()];
                self.find(
                    &rules::TOO_DEEP,
                    element,
                    &words,
                    "less nesting",
                    "not checked",
                );
            }
            return;
        }
        self.depth += 1;
        self.inside(of, node, element);
        self.depth -= 1;
    }

    fn inside(&mut self, of: &Titled<'_>, node: &Node, element: Element<'a>) {
        let mut rule = None;
        if let Some(rules) = &node.types {
            rule = self.type_rule(rules, element);
            if rule.is_none() {
                return self.wrong_type(of, node, rules, element);
            }
        }
        self.values(of, node, element);
        let is_sketched = node.laws.iter().any(|it| it.sketch.is_some());
        let members = (is_sketched || !node.children.is_empty()).then(|| Members::of(element));
        for law in &node.laws {
            let sketch = law.sketch.as_ref().zip(members.as_ref());
            let known = sketch.and_then(|(it, all)| it.decide(self.knowledge.types, all));
            if known != Some(true) {
                self.law(of, &node.id, law, element);
            }
        }
        if let Some(bound) = &node.binding {
            self.bound(of, node, bound, element);
        }
        if let Some(rule) = rule {
            self.keeps_one(of, node, &rule.profiles, element);
            if !rule.targets.is_empty() || !rule.aggregation.is_empty() {
                self.reference(of, node, rule, element);
            }
        }
        if let Some(members) = &members {
            for child in &node.children {
                self.child(of, child, members);
            }
        }
        if let Some(name) = &node.again {
            for item in name.of(self.knowledge.types, element) {
                self.item(of, node, item);
            }
        }
    }

    /// What is said of the type that an element has; of an unknown type nothing is.
    fn type_rule<'r>(&self, rules: &'r [TypeRule], element: Element<'a>) -> Option<&'r TypeRule> {
        let types = self.knowledge.types;
        let Some(actual) = element.type_id() else {
            return rules.first();
        };
        let definitions = self.knowledge.definitions;
        let covers = |rule: &&TypeRule| {
            let (Some(of), Some(known)) = (rule.type_id, definitions.type_named(&rule.name)) else {
                return true;
            };
            // A choice names its type exactly; `SimpleQuantity` and its like are never named.
            known.is_abstract() && types.is_a(actual, of)
                || known.kind() == TypeKind::Profile && types.is_a(of, actual)
        };
        let exact = rules.iter().find(|it| it.type_id == Some(actual));
        exact.or_else(|| rules.iter().find(covers))
    }

    fn wrong_type(
        &mut self,
        of: &Titled<'_>,
        node: &Node,
        rules: &[TypeRule],
        element: Element<'a>,
    ) {
        let types = self.knowledge.types;
        let actual = element
            .type_id()
            .map(|it| types.name(it))
            .unwrap_or_default();
        let names: Vec<&str> = rules.iter().map(|it| it.name.as_str()).collect();
        let words = [actual, of.title, node.id.as_str()];
        self.find(&rules::TYPE, element, &words, &names.join(" or "), actual);
    }

    /// One of these profiles must be kept.
    fn keeps_one(
        &mut self,
        of: &Titled<'_>,
        node: &Node,
        profiles: &[String],
        element: Element<'a>,
    ) {
        if let [sole] = profiles {
            if let Some(profile) = self.profile_named(sole) {
                self.profile(&profile, element);
            }
            return;
        }
        let mut nearest: Option<(u32, String, String)> = None;
        let mut is_unknown = false;
        for canonical in profiles {
            let Some(profile) = self.profile_named(canonical) else {
                is_unknown = true;
                continue;
            };
            match self.standing(&profile, element) {
                Standing::Kept { .. } => return self.profile(&profile, element),
                Standing::Unknown(reason) => {
                    is_unknown = true;
                    self.cannot_know(&reason);
                }
                Standing::Broken { errors, first } => {
                    if nearest.as_ref().is_none_or(|it| errors < it.0) {
                        nearest = Some((errors, profile.title.clone(), first));
                    }
                }
            }
        }
        if let (false, Some((_, title, first))) = (is_unknown, nearest) {
            let all = profiles.join(", ");
            let words = [all.as_str(), &title, &first, of.title, &node.id];
            self.find(
                &rules::DATATYPE,
                element,
                &words,
                &all,
                "none of them is kept",
            );
        }
    }

    fn child(&mut self, of: &Titled<'_>, child: &Child, members: &Members<'a>) {
        let parent = members.parent;
        let items = child.name.among(self.knowledge.types, members);
        if !child.range.is_empty() {
            self.count(of, child, parent, &items);
        }
        if items.is_empty() && child.slicing.as_ref().is_none_or(|it| !it.is_needed) {
            return;
        }
        if !child.node.is_empty() {
            for item in &items {
                self.item(of, &child.node, *item);
            }
        }
        if let Some(slicing) = &child.slicing {
            self.sliced(of, slicing, child.name.as_str(), parent, &items);
        }
    }

    /// How often a child stands, where the base allows it.
    fn count(
        &mut self,
        of: &Titled<'_>,
        child: &Child,
        parent: Element<'a>,
        items: &[Element<'a>],
    ) {
        let range = child.range;
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let name = child.name.as_str();
        let id = child.node.id.as_str();
        let there = || count.to_string();
        if let Some(min) = range
            .min
            .filter(|min| count < *min && count >= range.base_min)
        {
            let expected = format!("at least {min}");
            let words = [name, of.title, id];
            self.find_below(&rules::MIN, parent, name, &words, &expected, &there());
        }
        let is_base = range.base_max.is_some_and(|base| count > base);
        let Some(max) = range.max.filter(|max| count > *max && !is_base) else {
            return;
        };
        let Some(item) = items.get(max as usize) else {
            return;
        };
        let words = [name, of.title, id];
        if max == 0 {
            self.find(&rules::NOT_ALLOWED, *item, &words, "none", &there());
        } else {
            self.find(
                &rules::MAX,
                *item,
                &words,
                &format!("at most {max}"),
                &there(),
            );
        }
    }

    /// The codes of an element against a value set.
    fn bound(&mut self, of: &Titled<'_>, node: &Node, bound: &Bound, element: Element<'a>) {
        // The path is written only if there is something to report.
        let place = Place {
            element,
            path: String::new(),
        };
        let binder = Binder {
            profile: of.title,
            element: &node.id,
            path: &node.path,
        };
        let knowledge = self.knowledge;
        let Some(tally) = self.trials.last_mut() else {
            let mut report = Report::new(Options::default());
            binding::check(
                knowledge,
                &place,
                bound,
                binder,
                &mut report,
                &mut self.coded,
            );
            for mut issue in report.finish().0 {
                issue.path = path_of(knowledge.types, element);
                self.report.push(issue);
            }
            return;
        };
        let mut report = Report::new(Options {
            most_issues: 1,
            ..Options::default()
        });
        binding::check(
            knowledge,
            &place,
            bound,
            binder,
            &mut report,
            &mut Coded::default(),
        );
        let (issues, counts) = report.finish();
        tally.errors += u32::try_from(counts.errors).unwrap_or(u32::MAX);
        // How far codes were checked is told where it counts.
        tally.has_more = true;
        let first = issues.into_iter().find(|it| it.severity == Severity::Error);
        tally.first = tally.first.take().or(first.map(|it| it.message));
    }
}

fn pair(profile: &Arc<Profile>, element: Element<'_>) -> Option<Pair> {
    let node = element_node(element)?;
    let tree = std::ptr::from_ref(node.tree()).addr();
    Some((tree, node.offset(), Arc::as_ptr(profile).addr()))
}
