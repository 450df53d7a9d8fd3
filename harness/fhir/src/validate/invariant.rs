//! Invariants, compiled for one place in the plan: what each reads, and what can be decided by which children are
//! there, without evaluating it. Not for evaluating them: invariants.rs.

use super::entries::OfEntries;
use super::key::{NONE, small};
use crate::definitions::{Invariant, Severity, Shape};
use crate::type_table::TypeTable;
use plumbline_fhirpath::{
    Alone, Element, Environment, EvalError, Expression, Part, Presence, SystemType, TextTest,
    TypeId,
};
use plumbline_tree::{Limits, Node, Tree};
use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

/// Invariants that are part of the structure, of references or of narrative, and are judged there: a simple quantity
/// has no comparator among its elements (sqty-1).
pub(super) const NATIVE: &[&str] = &[
    "dom-2", "dom-3", "ele-1", "ext-1", "ref-1", "sqty-1", "txt-1", "txt-2",
];

/// The children of a shape with no more than this are the bits of a number.
const MOST: usize = u64::BITS as usize;

/// Which children are there: those that may be, and those of them that certainly are.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Present {
    pub(super) maybe: u64,
    pub(super) surely: u64,
}

/// What can be asked of a body without evaluating anything.
pub(super) trait Fields {
    /// Which children there are.
    fn present(&self) -> Present;

    /// The text of the child at a position, if it is one primitive that is certainly text. `None` for anything else.
    fn text(&self, position: u32) -> Option<&str>;
}

/// A condition on the children, which are bits.
#[derive(Debug)]
enum Test {
    Any(u64),
    Known(bool),
    Not(Box<Test>),
    And(Box<(Test, Test)>),
    Or(Box<(Test, Test)>),
    Xor(Box<(Test, Test)>),
    Implies(Box<(Test, Test)>),
    /// The child at this position is text, and compares like this.
    Text(u32, TextTest, Box<str>),
    /// Only an evaluation tells, unless none of these children is there: then it gives what it gives of nothing.
    Other {
        reads: u64,
        of_nothing: Truth,
    },
    /// Only an evaluation tells.
    Unknown,
}

/// True, false, or nothing.
type Truth = Option<bool>;

/// What a shape and its types tell of names and parts.
struct Compiler<'d> {
    shape: Shape<'d>,
    types: &'static TypeTable,
    of: Option<TypeId>,
}

impl Compiler<'_> {
    fn position(&self, name: &str) -> Option<usize> {
        let found = self.shape.children().position(|it| it.stem() == name);
        found.filter(|_| self.shape.len() < MOST)
    }

    fn bits(&self, names: &[&str]) -> Option<u64> {
        let mut names = names.iter();
        names.try_fold(0, |bits, name| Some(bits | 1 << self.position(name)?))
    }

    /// The position of a child that is one text.
    fn text(&self, name: &str) -> Option<u32> {
        let position = self.position(name)?;
        let element = self.shape.children().nth(position)?;
        let of = element.sole_type()?.of().name();
        let is_text = SystemType::of_primitive(of) == Some(SystemType::String) && of != "xhtml";
        (is_text && !element.is_repeating()).then(|| small(position))
    }

    fn test(&self, presence: &Presence<'_>) -> Test {
        let both = |both: &(Presence<'_>, Presence<'_>)| {
            Box::new((self.test(&both.0), self.test(&both.1)))
        };
        match presence {
            Presence::Any(names) => self.bits(names).map_or(Test::Unknown, Test::Any),
            Presence::Known(is_true) => Test::Known(*is_true),
            Presence::Not(inner) => Test::Not(Box::new(self.test(inner))),
            Presence::And(sides) => Test::And(both(sides)),
            Presence::Or(sides) => Test::Or(both(sides)),
            Presence::Xor(sides) => Test::Xor(both(sides)),
            Presence::Implies(sides) => Test::Implies(both(sides)),
            Presence::Text(name, how, text) => match self.text(name) {
                Some(position) => Test::Text(position, *how, (*text).into()),
                None => Test::Unknown,
            },
            Presence::Other(part) => self.part(*part),
        }
    }

    fn part(&self, part: Part<'_>) -> Test {
        let reads = part.reads().and_then(|names| self.bits(&names));
        let of_nothing = || self.of_nothing(|environment, focus| part.holds(environment, focus));
        match reads.and_then(|reads| Some((reads, of_nothing()?))) {
            Some((reads, of_nothing)) => Test::Other { reads, of_nothing },
            None => Test::Unknown,
        }
    }

    /// What a condition gives for an element without children.
    fn of_nothing<'a>(
        &'a self,
        holds: impl Fn(&Environment<'a>, Element<'a>) -> Result<Truth, EvalError>,
    ) -> Option<Truth> {
        let empty = Element::new(None, Some(nothing()?), self.of);
        holds(&Environment::new(self.types, &Alone, empty), empty).ok()
    }
}

impl Test {
    /// What it gives; `None` if only an evaluation tells. The left side is always needed, as it is there.
    fn decide(&self, fields: &impl Fields) -> Option<Truth> {
        let present = fields.present();
        let sides = |both: &(Self, Self), decides: bool| {
            let left = both.0.decide(fields)?;
            if left == Some(decides) {
                return Some((left, left));
            }
            Some((left, both.1.decide(fields)?))
        };
        Some(match self {
            Self::Any(bits) if present.surely & bits != 0 => Some(true),
            Self::Any(bits) if present.maybe & bits == 0 => Some(false),
            Self::Known(is_true) => Some(*is_true),
            Self::Text(position, ..) if present.maybe & (1 << position) == 0 => None,
            Self::Text(position, how, text) => {
                let found = fields.text(*position)?;
                Some(match how {
                    TextTest::Is => found == &**text,
                    TextTest::Contains => found.contains(&**text),
                    TextTest::Begins => found.starts_with(&**text),
                })
            }
            Self::Other { reads, of_nothing } if present.maybe & reads == 0 => *of_nothing,
            Self::Any(_) | Self::Other { .. } | Self::Unknown => return None,
            Self::Not(inner) => inner.decide(fields)?.map(|it| !it),
            Self::And(both) => match sides(both, false)? {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), right) => right,
                (None, _) => None,
            },
            Self::Or(both) => or(sides(both, true)?),
            Self::Implies(both) => {
                let (left, right) = sides(both, false)?;
                match left {
                    Some(false) => Some(true),
                    left => or((left.map(|it| !it), right)),
                }
            }
            Self::Xor(both) => {
                let (left, right) = (both.0.decide(fields)?, both.1.decide(fields)?);
                left.zip(right).map(|(left, right)| left != right)
            }
        })
    }
}

fn or((left, right): (Truth, Truth)) -> Truth {
    match (left, right) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), right) => right,
        (None, _) => None,
    }
}

/// An object without members.
fn nothing() -> Option<Node<'static>> {
    static NOTHING: LazyLock<Option<Tree>> =
        LazyLock::new(|| Tree::parse(b"{}".to_vec(), &Limits::default()).ok());
    NOTHING.as_ref().map(Tree::root)
}

/// An invariant.
#[derive(Debug)]
pub(super) struct RulePlan {
    pub(super) key: &'static str,
    pub(super) severity: Severity,
    pub(super) expression: Expression,
    /// Where none of these children is, it holds. Every bit if that cannot be said.
    touches: u64,
    /// The children that it reads; no bit if that cannot be said.
    reads: u64,
    test: Test,
    /// What it asks of the entries of a bundle.
    pub(super) of_entries: Option<OfEntries>,
}

impl RulePlan {
    /// What it gives, as far as that can be told without evaluating it; nothing for what holds of nothing.
    pub(super) fn decide(&self, fields: &impl Fields) -> Option<Truth> {
        if self.touches != u64::MAX && self.touches & fields.present().maybe == 0 {
            return Some(None);
        }
        self.test.decide(fields)
    }

    /// Whether all that it reads is there, so that an answer of nothing is none that says it holds: two dates that
    /// cannot be compared. HL7's own conditions count on it that nothing holds of what is not there.
    pub(super) fn is_about_something(&self, present: Present) -> bool {
        self.reads != 0 && self.reads & !present.surely == 0
    }
}

/// The invariants of one place.
#[derive(Debug)]
pub(super) struct RuleSet {
    pub(super) rules: Vec<RulePlan>,
    /// Where none of these children is, all hold.
    touches: u64,
}

impl RuleSet {
    /// Whether all certainly hold.
    pub(super) fn is_quiet(&self, present: Present) -> bool {
        self.touches != u64::MAX && self.touches & present.maybe == 0
    }
}

/// A set as the facts have it, compiled when it is asked for first: most bodies meet few of all sets.
struct LazySet<'d> {
    invariants: Vec<Invariant>,
    shape: Shape<'d>,
    types: &'static TypeTable,
    of: Option<TypeId>,
    compiled: OnceLock<RuleSet>,
}

impl LazySet<'_> {
    fn compile(&self) -> RuleSet {
        let rules = self.invariants.iter();
        let rules = rules.filter_map(|it| compile(*it, self.shape, self.types, self.of));
        let rules: Vec<RulePlan> = rules.collect();
        RuleSet {
            touches: rules.iter().fold(0, |bits, rule| bits | rule.touches),
            rules,
        }
    }
}

/// All sets, each once.
#[derive(Default)]
pub(super) struct RuleSets<'d> {
    sets: Vec<LazySet<'d>>,
}

type Known = (u32, Vec<(&'static str, &'static str)>);

/// The numbers of sets that are known while the plan is made.
pub(super) type RuleNumbers = HashMap<Known, u32>;

impl<'d> RuleSets<'d> {
    pub(super) fn get(&self, number: u32) -> Option<&RuleSet> {
        let set = self.sets.get(number as usize)?;
        Some(set.compiled.get_or_init(|| set.compile()))
    }

    /// The number of the set of these invariants on a shape; none if there is nothing to judge.
    pub(super) fn number(
        &mut self,
        invariants: impl Iterator<Item = Invariant>,
        (number, shape): (u32, Shape<'d>),
        types: &'static TypeTable,
        of: Option<TypeId>,
        numbers: &mut RuleNumbers,
    ) -> u32 {
        let mut all: Vec<Invariant> = Vec::new();
        for it in invariants {
            if !NATIVE.contains(&it.key) && !all.contains(&it) {
                all.push(it);
            }
        }
        if all.is_empty() {
            return NONE;
        }
        let known = all.iter().map(|it| (it.key, it.expression)).collect();
        *numbers.entry((number, known)).or_insert_with(|| {
            self.sets.push(LazySet {
                invariants: all,
                shape,
                types,
                of,
                compiled: OnceLock::new(),
            });
            small(self.sets.len() - 1)
        })
    }
}

/// The tests of this crate rule out that an invariant does not parse.
fn compile(
    invariant: Invariant,
    shape: Shape<'_>,
    types: &'static TypeTable,
    of: Option<TypeId>,
) -> Option<RulePlan> {
    let expression = Expression::parse(invariant.expression).ok()?;
    let compiler = Compiler { shape, types, of };
    let reads = expression.reads();
    let reads = reads.and_then(|names| compiler.bits(&names));
    let of_nothing = compiler.of_nothing(|environment, focus| expression.holds(environment, focus));
    let touches = reads.filter(|_| matches!(of_nothing, Some(Some(true) | None)));
    let test = compiler.test(&expression.presence());
    Some(RulePlan {
        key: invariant.key,
        severity: invariant.severity,
        touches: touches.unwrap_or(u64::MAX),
        reads: reads.unwrap_or(0),
        test,
        of_entries: OfEntries::of(invariant.expression),
        expression,
    })
}
