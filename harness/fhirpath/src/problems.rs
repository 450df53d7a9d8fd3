//! What is wrong with an expression whatever the resource holds: names that no type has, criteria that are no truth
//! values. Only what is certain: what depends on the instance is no problem. Not for evaluating.

use crate::expression::Expression;
use crate::returns::{Gives, gives};
use crate::syntax::{Call, Expr, IsFirst, Member, Operator, Step, TypeName};
use crate::types::{ChildType, SystemType, TypeId, TypeInfo};
use crate::value::Value;
use std::collections::BTreeSet;
use std::fmt;

/// How many parts of an expression are looked at; `repeat` in `repeat` looks at the same again and again.
const MOST_PARTS: usize = 20_000;
/// How many kinds of problems are told of one expression.
const MOST_PROBLEMS: usize = 20;
/// How often `repeat` goes on until nothing new comes.
const MOST_ROUNDS: usize = 8;

/// Something that cannot be meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Problem {
    /// No type that is possible there has an element of this name.
    UnknownName {
        /// The name.
        name: String,
        /// The types, with `or` between them.
        of: String,
    },
    /// A criterion is never a truth value.
    NotBoolean {
        /// The function that it is given to.
        function: &'static str,
        /// The types that it has, with `or` between them.
        of: String,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownName { name, of } => write!(f, "{of} has no element `{name}`"),
            Self::NotBoolean { function, of } => {
                write!(f, "`{function}` asks for a truth value and gets {of}")
            }
        }
    }
}

impl Expression {
    /// What is wrong with it for elements of these types, whatever they hold; each thing once, in order of the name.
    /// Without types only what begins with the name of a type is looked at.
    pub fn problems(&self, types: &dyn TypeInfo, contexts: &[TypeId]) -> Vec<Problem> {
        let context = if contexts.is_empty() {
            Set::Unknown
        } else {
            Set::of(contexts.iter().map(|it| Of::Fhir(*it)))
        };
        let mut check = Check {
            types,
            context: context.clone(),
            found: BTreeSet::new(),
            parts_left: MOST_PARTS,
        };
        check.expression(self.root(), &context);
        check.found.into_iter().collect()
    }
}

/// One type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    Fhir(TypeId),
    System(SystemType),
}

/// The types that items of a collection may have.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Set {
    /// Any.
    Unknown,
    /// One of these, which are sorted. With none, there is no item.
    Among(Vec<Of>),
}

impl Set {
    fn of(all: impl IntoIterator<Item = Of>) -> Self {
        let all: BTreeSet<Of> = all.into_iter().collect();
        Self::Among(all.into_iter().collect())
    }

    fn system(of: SystemType) -> Self {
        Self::Among(vec![Of::System(of)])
    }

    fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Among(one), Self::Among(other)) => Self::of(one.into_iter().chain(other)),
            _ => Self::Unknown,
        }
    }
}

struct Check<'t> {
    types: &'t dyn TypeInfo,
    context: Set,
    found: BTreeSet<Problem>,
    parts_left: usize,
}

impl Check<'_> {
    fn tell(&mut self, problem: Problem) {
        if self.found.len() < MOST_PROBLEMS {
            self.found.insert(problem);
        }
    }

    /// The types of what an expression gives for items of these types.
    fn expression(&mut self, expression: &Expr, this: &Set) -> Set {
        let Some(left) = self.parts_left.checked_sub(1) else {
            return Set::Unknown;
        };
        self.parts_left = left;
        match expression {
            Expr::Nothing => Set::of([]),
            Expr::Literal(value) => literal(value),
            Expr::This => this.clone(),
            Expr::Index => Set::system(SystemType::Integer),
            Expr::Total => Set::Unknown,
            Expr::Variable(name) => match &**name {
                "context" => self.context.clone(),
                "ucum" | "sct" | "loinc" => Set::system(SystemType::String),
                _ => Set::Unknown,
            },
            Expr::Path { head, steps } => self.path(head.as_deref(), steps, this),
            Expr::Negative(inner) | Expr::Positive(inner) => {
                self.expression(inner, this);
                Set::Unknown
            }
            Expr::Binary(operator, both) => {
                self.expression(&both.0, this);
                self.expression(&both.1, this);
                operated(*operator)
            }
            Expr::Union(all) => {
                let all: Vec<Set> = all.iter().map(|it| self.expression(it, this)).collect();
                all.into_iter().fold(Set::of([]), Set::with)
            }
            Expr::Is(inner, _) => {
                self.expression(inner, this);
                Set::system(SystemType::Boolean)
            }
            Expr::As(inner, of) => {
                self.expression(inner, this);
                self.cast(of)
            }
            Expr::Fixed(inner) => self.expression(inner, this),
        }
    }

    fn path(&mut self, head: Option<&Expr>, steps: &[Step], this: &Set) -> Set {
        let mut focus = match head {
            Some(head) => self.expression(head, this),
            None => this.clone(),
        };
        for step in steps {
            focus = match step {
                Step::Member(member) => self.member(&focus, member),
                Step::At(index) => {
                    self.expression(index, this);
                    focus
                }
                Step::Call(call) => self.call(call, focus, this),
            };
        }
        focus
    }

    /// Items that were cast to a type.
    fn cast(&self, of: &TypeName) -> Set {
        let fhir = self.types.named(&of.name).map(Of::Fhir);
        let system = || SystemType::named(&of.name).map(Of::System);
        let found = match of.namespace.as_deref() {
            Some("System") => system(),
            Some("FHIR") => fhir,
            _ => fhir.or_else(system),
        };
        found.map_or(Set::Unknown, |it| Set::of([it]))
    }

    fn member(&mut self, focus: &Set, member: &Member) -> Set {
        let name = member.name();
        let is_first = member.is_first == IsFirst::Yes;
        let is_type = is_first && name.starts_with(|it: char| it.is_ascii_uppercase());
        let named = is_type.then(|| self.types.named(name)).flatten();
        let all = match (focus, named) {
            // Whatever the focus is: if it is not of the type, nothing comes of it.
            (Set::Unknown, Some(named)) => return Set::of([Of::Fhir(named)]),
            (Set::Unknown, None) => return Set::Unknown,
            (Set::Among(all), _) if all.is_empty() => return Set::Unknown,
            (Set::Among(all), named) => {
                if let Some(narrowed) = named.and_then(|it| self.narrowed(all, it)) {
                    return narrowed;
                }
                all
            }
        };
        let mut found = Vec::new();
        let mut is_known = false;
        for of in all {
            match self.child(*of, name) {
                Child::Of(child) => found.push(child),
                Child::Unknown => return Set::Unknown,
                Child::None => continue,
            }
            is_known = true;
        }
        if is_known {
            return Set::of(found);
        }
        let of = self.names(all);
        let name = name.to_owned();
        self.tell(Problem::UnknownName { name, of });
        Set::of([])
    }

    /// Of types those that a name at the beginning of a path lets through. `None` if it is the name of none.
    fn narrowed(&self, all: &[Of], named: TypeId) -> Option<Set> {
        let through = all.iter().filter_map(|it| match it {
            Of::Fhir(of) if self.types.is_a(*of, named) => Some(*it),
            Of::Fhir(of) if self.types.is_a(named, *of) => Some(Of::Fhir(named)),
            Of::Fhir(_) | Of::System(_) => None,
        });
        let through: Vec<Of> = through.collect();
        (!through.is_empty()).then(|| Set::of(through))
    }

    fn child(&self, of: Of, name: &str) -> Child {
        let Of::Fhir(of) = of else {
            return Child::None;
        };
        match self.types.child(of, name) {
            Some(ChildType::Sole(child)) => Child::Of(Of::Fhir(child)),
            Some(ChildType::Resource | ChildType::Choice) => Child::Unknown,
            None => match self.types.primitive(of) {
                Some(value) if name == "value" => Child::Of(Of::System(value)),
                _ if self.is_open(of) => Child::Unknown,
                _ => Child::None,
            },
        }
    }

    /// Whether an instance has more elements than the type: it stands for others.
    fn is_open(&self, of: TypeId) -> bool {
        const ABSTRACT: [&str; 4] = ["Resource", "DomainResource", "Element", "BackboneElement"];
        ABSTRACT.iter().any(|it| self.types.named(it) == Some(of))
    }

    fn names(&self, all: &[Of]) -> String {
        let names = all.iter().map(|it| match it {
            Of::Fhir(of) => self.types.name(*of),
            Of::System(of) => of.name(),
        });
        let names: Vec<&str> = names.collect();
        names.join(" or ")
    }

    fn call(&mut self, call: &Call, focus: Set, this: &Set) -> Set {
        let name = call.function.name;
        if name == "iif" {
            return self.iif(call, &focus);
        }
        let each: Vec<Set> = match name {
            "repeat" => vec![self.repeat(call, &focus)],
            "where" | "all" | "exists" | "select" | "sort" => {
                let arguments = call.arguments.iter();
                arguments.map(|it| self.expression(it, &focus)).collect()
            }
            // The message of `trace` is for the outside, what it shows for each item.
            "trace" | "aggregate" => {
                for argument in &call.arguments {
                    self.expression(argument, &Set::Unknown);
                }
                Vec::new()
            }
            _ => {
                let arguments = call.arguments.iter();
                arguments.map(|it| self.expression(it, this)).collect()
            }
        };
        if matches!(name, "where" | "all" | "exists") {
            self.criterion(name, each.first());
        }
        match gives(name) {
            Gives::Focus => focus,
            Gives::Both => each.into_iter().fold(focus, Set::with),
            Gives::Argument => each.into_iter().next().unwrap_or(Set::Unknown),
            Gives::System(of) => Set::system(of),
            Gives::Type => call.of.as_ref().map_or(Set::Unknown, |of| self.cast(of)),
            Gives::Fhir(of) => {
                let of = self.types.named(of);
                of.map_or(Set::Unknown, |of| Set::of([Of::Fhir(of)]))
            }
            Gives::Unknown => Set::Unknown,
        }
    }

    fn iif(&mut self, call: &Call, focus: &Set) -> Set {
        let all = call.arguments.iter().map(|it| self.expression(it, focus));
        let all: Vec<Set> = all.collect();
        self.criterion("iif", all.first());
        let branches = all.into_iter().skip(1);
        branches.fold(Set::of([]), Set::with)
    }

    /// What the argument gives, for what it gives again too.
    fn repeat(&mut self, call: &Call, focus: &Set) -> Set {
        let Some(argument) = call.arguments.first() else {
            return Set::Unknown;
        };
        // What one type lacks another may have, so that problems are told when all types are known.
        let told = self.found.clone();
        let mut seen = focus.clone();
        for _ in 0..MOST_ROUNDS {
            let given = self.expression(argument, &seen);
            let all = seen.clone().with(given);
            self.found.clone_from(&told);
            if all == seen {
                return self.expression(argument, &seen);
            }
            seen = all;
        }
        Set::Unknown
    }

    fn criterion(&mut self, function: &'static str, given: Option<&Set>) {
        let Some(Set::Among(all)) = given else {
            return;
        };
        let is_boolean = |it: &Of| match it {
            Of::Fhir(of) => {
                self.types.primitive(*of) == Some(SystemType::Boolean) || self.is_open(*of)
            }
            Of::System(of) => *of == SystemType::Boolean,
        };
        if all.is_empty() || all.iter().any(is_boolean) {
            return;
        }
        let of = self.names(all);
        self.tell(Problem::NotBoolean { function, of });
    }
}

/// What a type has of a name.
enum Child {
    Of(Of),
    Unknown,
    None,
}

fn literal(value: &Value<'_>) -> Set {
    Set::system(match value {
        Value::Boolean(_) => SystemType::Boolean,
        Value::Integer(_) => SystemType::Integer,
        Value::Decimal(_) => SystemType::Decimal,
        Value::String(_) => SystemType::String,
        Value::Date(_) => SystemType::Date,
        Value::DateTime(_) => SystemType::DateTime,
        Value::Time(_) => SystemType::Time,
        Value::Element(_) | Value::Quantity(_) | Value::Type { .. } => return Set::Unknown,
    })
}

fn operated(operator: Operator) -> Set {
    match operator {
        Operator::Multiply
        | Operator::Divide
        | Operator::Div
        | Operator::Mod
        | Operator::Add
        | Operator::Subtract => Set::Unknown,
        Operator::Concatenate => Set::system(SystemType::String),
        Operator::Less
        | Operator::LessOrEqual
        | Operator::Greater
        | Operator::GreaterOrEqual
        | Operator::Equal
        | Operator::NotEqual
        | Operator::Equivalent
        | Operator::NotEquivalent
        | Operator::In
        | Operator::Contains
        | Operator::And
        | Operator::Or
        | Operator::Xor
        | Operator::Implies => Set::system(SystemType::Boolean),
    }
}
