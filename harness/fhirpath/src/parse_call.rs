//! A function and its arguments. Not for what they do: function.rs says where that is.

use crate::error::ParseError;
use crate::function::{Arguments, Function};
use crate::parse::Parser;
use crate::syntax::{Call, Expr, TypeName};
use crate::token::Kind;
use std::sync::OnceLock;

impl Parser<'_> {
    /// The function whose name is next.
    pub(crate) fn call(&mut self, name: &str) -> Result<Call, ParseError> {
        let at = self.offset();
        let Some(function) = Function::named(name) else {
            let meant = Function::like(name).map(|like| format!("; `{like}` is meant"));
            let meant = meant.unwrap_or_default();
            return self.error(format!("there is no function `{name}`{meant}"));
        };
        self.advance();
        self.expect("(")?;
        self.height = 0;
        let mut call = Call {
            function,
            arguments: Vec::new(),
            of: None,
            downwards: Vec::new(),
            pattern: OnceLock::new(),
        };
        match function.arguments {
            Arguments::Type => call.of = Some(self.type_argument()?),
            Arguments::Keys => self.keys(&mut call)?,
            Arguments::Between(least, most) => {
                call.arguments = self.arguments()?;
                let found = call.arguments.len();
                if !(least..=most).contains(&found) {
                    return self.error_at(at, wrong_number(name, least, most, found));
                }
            }
        }
        self.expect(")")?;
        Ok(call)
    }

    fn arguments(&mut self) -> Result<Vec<Expr>, ParseError> {
        let mut arguments = Vec::new();
        let mut height = 0;
        if self.is_sign(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression(0)?);
            height = height.max(self.height);
            if self.take(",").is_none() {
                self.height = height;
                return Ok(arguments);
            }
        }
    }

    /// A type as argument; older expressions write it as a string.
    fn type_argument(&mut self) -> Result<TypeName, ParseError> {
        if let Kind::String(text) = self.peek() {
            let (namespace, name) = match text.split_once('.') {
                Some((namespace, name)) => (Some(namespace.into()), name.into()),
                None => (None, text.as_str().into()),
            };
            self.advance();
            return Ok(TypeName { namespace, name });
        }
        self.type_name()
    }

    /// Keys to sort by: a minus before one, or `desc` after it, sorts downwards.
    fn keys(&mut self, call: &mut Call) -> Result<(), ParseError> {
        let mut height = 0;
        while !self.is_sign(")") {
            let mut is_down = self.take("-").is_some();
            call.arguments.push(self.expression(0)?);
            height = height.max(self.height);
            if let Kind::Name { text, .. } = self.peek() {
                match text.as_str() {
                    "asc" => {}
                    "desc" => is_down = !is_down,
                    _ => return self.error("`asc`, `desc` or `,` is expected here"),
                }
                self.advance();
            }
            call.downwards.push(is_down);
            if self.take(",").is_none() {
                break;
            }
        }
        self.height = height;
        Ok(())
    }
}

fn wrong_number(name: &str, least: usize, most: usize, found: usize) -> String {
    let wanted = match (least, most) {
        (_, 0) => "no argument".to_owned(),
        (1, 1) => "one argument".to_owned(),
        (least, most) if least == most => format!("{least} arguments"),
        (0, 1) => "at most one argument".to_owned(),
        (least, most) => format!("{least} or {most} arguments"),
    };
    let verb = if found == 1 { "is" } else { "are" };
    format!("`{name}` takes {wanted}, and here {verb} {found}")
}
