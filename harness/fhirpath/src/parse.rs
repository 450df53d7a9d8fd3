//! Tokens to an expression, by precedence climbing. Not for literals: literal.rs, nor for functions: `parse_call.rs`.

use crate::error::ParseError;
use crate::literal;
use crate::syntax::{Expr, IsFirst, Member, Operator, Step, TypeName};
use crate::token::{Kind, Token, tokens};

/// How deep brackets, arguments and operators may nest. A chain of `.` or of `|` counts once; of other operators,
/// each counts.
const MOST_DEPTH: usize = 100;
/// How long an expression may be, in bytes.
const MOST_BYTES: usize = 64 * 1024;

/// Parses a whole expression.
pub(crate) fn parse(text: &str) -> Result<Expr, ParseError> {
    if text.len() > MOST_BYTES {
        let problem = format!("the expression is longer than {MOST_BYTES} bytes");
        return Err(ParseError::at(text, 0, problem));
    }
    let mut parser = Parser {
        text,
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
        height: 0,
    };
    let expression = parser.expression(0)?;
    match parser.peek() {
        Kind::End => Ok(expression),
        _ => parser.error("an operator or the end is expected here"),
    }
}

pub(crate) struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
    /// How many expressions are begun and not ended.
    depth: usize,
    /// How many levels the expression has that was read last.
    pub(crate) height: usize,
}

/// `is` and `as`.
const TYPE_STRENGTH: u8 = 7;
const UNION_STRENGTH: u8 = 6;

/// What stands between two operands.
enum Infix {
    Operator(Operator),
    Union,
    Is,
    As,
}

impl Infix {
    const fn strength(&self) -> u8 {
        match self {
            Self::Operator(operator) => operator.strength(),
            Self::Union => UNION_STRENGTH,
            Self::Is | Self::As => TYPE_STRENGTH,
        }
    }
}

impl Parser<'_> {
    pub(crate) fn peek(&self) -> &Kind {
        // The last token is the end, and nothing goes beyond it.
        self.tokens.get(self.at).map_or(&Kind::End, |it| &it.kind)
    }

    fn peek_after(&self) -> &Kind {
        let next = self.tokens.get(self.at + 1);
        next.map_or(&Kind::End, |it| &it.kind)
    }

    pub(crate) fn advance(&mut self) {
        self.at += 1;
    }

    pub(crate) fn offset(&self) -> usize {
        self.tokens.get(self.at).map_or(self.text.len(), |it| it.at)
    }

    pub(crate) fn error<T>(&self, problem: impl Into<String>) -> Result<T, ParseError> {
        self.error_at(self.offset(), problem)
    }

    pub(crate) fn error_at<T>(
        &self,
        offset: usize,
        problem: impl Into<String>,
    ) -> Result<T, ParseError> {
        Err(ParseError::at(self.text, offset, problem))
    }

    pub(crate) fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Kind::Sign(found) if *found == sign)
    }

    /// Takes the sign if it is next.
    pub(crate) fn take(&mut self, sign: &str) -> Option<()> {
        self.is_sign(sign).then(|| self.advance())
    }

    pub(crate) fn expect(&mut self, sign: &str) -> Result<(), ParseError> {
        match self.take(sign) {
            Some(()) => Ok(()),
            None => self.error(format!("`{sign}` is expected here")),
        }
    }

    /// The word that is next, if it is not in back quotes.
    fn word(&self) -> Option<&str> {
        match self.peek() {
            Kind::Name { text, is_quoted } if !is_quoted => Some(text),
            _ => None,
        }
    }

    fn infix(&self) -> Option<Infix> {
        let word = match self.peek() {
            Kind::Sign("|") => return Some(Infix::Union),
            Kind::Sign(sign) => sign,
            _ => self.word()?,
        };
        Some(Infix::Operator(match word {
            "*" => Operator::Multiply,
            "/" => Operator::Divide,
            "div" => Operator::Div,
            "mod" => Operator::Mod,
            "+" => Operator::Add,
            "-" => Operator::Subtract,
            "&" => Operator::Concatenate,
            "<" => Operator::Less,
            "<=" => Operator::LessOrEqual,
            ">" => Operator::Greater,
            ">=" => Operator::GreaterOrEqual,
            "=" => Operator::Equal,
            "!=" => Operator::NotEqual,
            "~" => Operator::Equivalent,
            "!~" => Operator::NotEquivalent,
            "in" => Operator::In,
            "contains" => Operator::Contains,
            "and" => Operator::And,
            "or" => Operator::Or,
            "xor" => Operator::Xor,
            "implies" => Operator::Implies,
            "is" => return Some(Infix::Is),
            "as" => return Some(Infix::As),
            _ => return None,
        }))
    }

    /// An expression whose operators bind at least this tightly.
    pub(crate) fn expression(&mut self, least: u8) -> Result<Expr, ParseError> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return self.error(format!(
                "the expression nests deeper than {MOST_DEPTH} levels"
            ));
        }
        let mut left = self.operand()?;
        let mut height = self.height;
        while let Some(infix) = self.infix().filter(|it| it.strength() >= least) {
            self.advance();
            let goes_on = matches!(infix, Infix::Union) && matches!(left, Expr::Union(_));
            self.height = 0;
            left = self.joined(left, infix)?;
            height = if goes_on {
                height.max(self.height + 1)
            } else {
                height.max(self.height) + 1
            };
            self.rise_to(height)?;
        }
        self.depth -= 1;
        self.height = height;
        Ok(left)
    }

    /// Notes how many levels there are now.
    fn rise_to(&mut self, height: usize) -> Result<(), ParseError> {
        self.height = height;
        if height > MOST_DEPTH {
            return self.error(format!(
                "more than {MOST_DEPTH} operators in a row or in one another"
            ));
        }
        Ok(())
    }

    fn joined(&mut self, left: Expr, infix: Infix) -> Result<Expr, ParseError> {
        match infix {
            Infix::Is => Ok(Expr::Is(Box::new(left), self.type_name()?)),
            Infix::As => Ok(Expr::As(Box::new(left), self.type_name()?)),
            Infix::Union => {
                let right = self.expression(UNION_STRENGTH + 1)?;
                let mut all = match left {
                    Expr::Union(all) => all,
                    other => vec![other],
                };
                all.push(right);
                Ok(Expr::Union(all))
            }
            Infix::Operator(operator) => {
                let right = self.expression(operator.strength() + 1)?;
                Ok(Expr::Binary(operator, Box::new((left, right))))
            }
        }
    }

    /// A term with its path, and the signs before it.
    fn operand(&mut self) -> Result<Expr, ParseError> {
        let negative = match self.peek() {
            Kind::Sign("-") => true,
            Kind::Sign("+") => false,
            _ => return self.path(),
        };
        self.advance();
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return self.error("too many signs in a row");
        }
        let operand = Box::new(self.operand()?);
        self.depth -= 1;
        self.rise_to(self.height + 1)?;
        Ok(if negative {
            Expr::Negative(operand)
        } else {
            Expr::Positive(operand)
        })
    }

    fn path(&mut self) -> Result<Expr, ParseError> {
        let mut steps = Vec::new();
        let head = match self.peek() {
            Kind::Name { .. } if !self.is_literal_word() => {
                steps.push(self.step(IsFirst::Yes)?);
                None
            }
            _ => Some(self.term()?),
        };
        let mut height = self.height;
        loop {
            if self.take(".").is_some() {
                steps.push(self.step(IsFirst::No)?);
            } else if self.take("[").is_some() {
                steps.push(Step::At(self.expression(0)?));
                self.expect("]")?;
            } else {
                break;
            }
            height = height.max(self.height);
        }
        self.rise_to(height + usize::from(!steps.is_empty()))?;
        Ok(match head {
            Some(head) if steps.is_empty() => head,
            head => Expr::Path {
                head: head.map(Box::new),
                steps,
            },
        })
    }

    fn is_literal_word(&self) -> bool {
        matches!(self.word(), Some("true" | "false"))
    }

    /// A name, a function, or one of `$this`, `$index` and `$total`.
    fn step(&mut self, is_first: IsFirst) -> Result<Step, ParseError> {
        let Kind::Name { text, is_quoted } = self.peek().clone() else {
            return self.error("a name is expected here");
        };
        let is_call = matches!(self.peek_after(), Kind::Sign("("));
        if is_call && !is_quoted {
            return Ok(Step::Call(Box::new(self.call(&text)?)));
        }
        // After a point no operator can stand, so that `text.div` needs no quotes.
        let is_taken = is_first == IsFirst::Yes
            && matches!(
                text.as_str(),
                "and" | "or" | "xor" | "implies" | "div" | "mod"
            );
        if is_taken && !is_quoted {
            return self.error(format!("`{text}` is an operator; a name is expected here"));
        }
        self.advance();
        self.height = 0;
        Ok(Step::Member(Member::new(&text, is_first)))
    }

    fn term(&mut self) -> Result<Expr, ParseError> {
        let at = self.offset();
        let kind = self.peek().clone();
        self.advance();
        self.height = 1;
        match kind {
            Kind::Sign("(") => {
                let inside = self.expression(0)?;
                self.expect(")")?;
                // A union in brackets is one operand, not the beginning of a longer union.
                Ok(match inside {
                    union @ Expr::Union(_) => Expr::Path {
                        head: Some(Box::new(union)),
                        steps: Vec::new(),
                    },
                    other => other,
                })
            }
            Kind::Sign("{") => {
                self.expect("}")?;
                Ok(Expr::Nothing)
            }
            Kind::Dollar(name) => match name.as_str() {
                "this" => Ok(Expr::This),
                "index" => Ok(Expr::Index),
                "total" => Ok(Expr::Total),
                _ => self.error_at(at, "only `$this`, `$index` and `$total` begin with `$`"),
            },
            Kind::Variable(name) => Ok(Expr::Variable(name.into_boxed_str())),
            Kind::String(text) => Ok(Expr::Literal(literal::string(text))),
            Kind::Moment(text) => match literal::moment(&text) {
                Some(value) => Ok(Expr::Literal(value)),
                None => self.error_at(at, format!("`@{text}` is no date and no time")),
            },
            Kind::Name { text, .. } => Ok(Expr::Literal(literal::boolean(text == "true"))),
            Kind::Number(digits) => self.number(at, &digits),
            Kind::End => self.error_at(at, "something is expected after this"),
            Kind::Sign(sign) => self.error_at(at, format!("`{sign}` cannot begin an expression")),
        }
    }

    /// A number, or a quantity if a unit follows.
    fn number(&mut self, at: usize, digits: &str) -> Result<Expr, ParseError> {
        let unit = match self.peek() {
            Kind::String(unit) => Some(unit.clone()),
            Kind::Name { text, is_quoted } if !is_quoted => {
                literal::is_calendar_unit(text).then(|| text.clone())
            }
            _ => None,
        };
        let value = match &unit {
            None => literal::number(digits),
            Some(unit) => {
                let is_quoted = matches!(self.peek(), Kind::String(_));
                self.advance();
                if is_quoted {
                    literal::quantity(digits, unit)
                } else {
                    literal::calendar_quantity(digits, unit)
                }
            }
        };
        match value {
            Some(value) => Ok(Expr::Literal(value)),
            None => self.error_at(at, format!("`{digits}` has too many digits")),
        }
    }

    /// A name, or two with a point between them.
    pub(crate) fn type_name(&mut self) -> Result<TypeName, ParseError> {
        let first = self.type_word()?;
        if !self.is_sign(".") || !matches!(&*first, "System" | "FHIR") {
            return Ok(TypeName {
                namespace: None,
                name: first,
            });
        }
        self.advance();
        Ok(TypeName {
            namespace: Some(first),
            name: self.type_word()?,
        })
    }

    fn type_word(&mut self) -> Result<Box<str>, ParseError> {
        let Kind::Name { text, .. } = self.peek() else {
            return self.error("the name of a type is expected here");
        };
        let name = text.clone().into_boxed_str();
        self.advance();
        Ok(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    #[test]
    fn errors_say_where_and_what() {
        assert_eq!(
            problem("a.b = "),
            "line 1, column 7: something is expected after this"
        );
        assert_eq!(
            problem("a and\n  or b"),
            "line 2, column 3: `or` is an operator; a name is expected here"
        );
        assert_eq!(
            problem("name.wher(a)"),
            "line 1, column 6: there is no function `wher`"
        );
        assert_eq!(
            problem("name.Where(a)"),
            "line 1, column 6: there is no function `Where`; `where` is meant"
        );
        assert_eq!(
            problem("count(1)"),
            "line 1, column 1: `count` takes no argument, and here is 1"
        );
        assert_eq!(
            problem("a b"),
            "line 1, column 3: an operator or the end is expected here"
        );
        assert_eq!(
            problem("@2015-13"),
            "line 1, column 1: `@2015-13` is no date and no time"
        );
    }

    #[test]
    fn depth_is_limited_and_chains_are_not_deep() {
        let deep = format!("{}1{}", "(".repeat(5000), ")".repeat(5000));
        assert!(problem(&deep).contains("deeper than 100"));
        assert!(problem(&"-".repeat(5000)).contains("too many signs"));
        assert!(problem(&"1 + ".repeat(5000)).contains("operators in a row"));
        assert!(problem(&"where(".repeat(5000)).contains("deeper"));
        let chains = format!(
            "{}1{}",
            "(".repeat(20),
            format!("{})", " + 1".repeat(10)).repeat(20)
        );
        assert!(problem(&chains).contains("in one another"));
        let union = vec!["'a'"; 5000].join("|");
        assert!(parse(&union).is_ok());
        assert!(parse(&vec!["a"; 5000].join(".")).is_ok());
        assert!(problem(&" ".repeat(MOST_BYTES + 1)).contains("longer"));
    }

    #[test]
    fn operators_may_be_names() {
        for text in [
            "is",
            "as.contains",
            "contains contains contains",
            "a.is(b)",
            "day",
            "`and`",
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
    }
}
