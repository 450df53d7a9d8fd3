//! Which type each function gives, as far as that is certain. Not for what they do: function.rs says where that is.

use crate::types::SystemType;

/// What a function gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gives {
    /// Items of its input.
    Focus,
    /// Items of its input and of its argument.
    Both,
    /// What its argument gives.
    Argument,
    /// The type that it is given.
    Type,
    /// A value of the language.
    System(SystemType),
    /// A type of FHIR.
    Fhir(&'static str),
    /// That depends on the instance.
    Unknown,
}

/// What the function of a name gives.
pub(crate) fn gives(function: &str) -> Gives {
    match function {
        "where" | "single" | "first" | "last" | "tail" | "skip" | "take" | "intersect"
        | "exclude" | "distinct" | "sort" | "trace" => Gives::Focus,
        "union" | "combine" => Gives::Both,
        "select" | "repeat" => Gives::Argument,
        "ofType" | "as" => Gives::Type,
        "extension" => Gives::Fhir("Extension"),
        _ => system(function).map_or(Gives::Unknown, Gives::System),
    }
}

fn system(function: &str) -> Option<SystemType> {
    Some(match function {
        "empty" | "exists" | "all" | "allTrue" | "anyTrue" | "allFalse" | "anyFalse"
        | "subsetOf" | "supersetOf" | "isDistinct" | "toBoolean" | "startsWith" | "endsWith"
        | "contains" | "matches" | "matchesFull" | "not" | "is" | "hasValue" | "memberOf"
        | "subsumes" | "subsumedBy" | "conformsTo" | "htmlChecks" | "comparable" => {
            SystemType::Boolean
        }
        "count" | "toInteger" | "indexOf" | "lastIndexOf" | "length" | "precision" => {
            SystemType::Integer
        }
        "toDecimal" | "exp" | "ln" | "log" | "sqrt" => SystemType::Decimal,
        "toString" | "substring" | "upper" | "lower" | "replace" | "replaceMatches" | "toChars"
        | "trim" | "split" | "join" | "encode" | "decode" | "escape" | "unescape" => {
            SystemType::String
        }
        "toDate" | "today" => SystemType::Date,
        "toDateTime" | "now" => SystemType::DateTime,
        "toTime" | "timeOfDay" => SystemType::Time,
        "toQuantity" => SystemType::Quantity,
        _ if function.starts_with("convertsTo") => SystemType::Boolean,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::Function;

    #[test]
    fn only_functions_that_there_are_give_something() {
        for name in ["where", "union", "select", "ofType", "extension", "count"] {
            assert!(Function::named(name).is_some());
            assert_ne!(gives(name), Gives::Unknown);
        }
        for name in ["resolve", "children", "descendants", "type", "aggregate"] {
            assert!(Function::named(name).is_some());
            assert_eq!(gives(name), Gives::Unknown);
        }
    }
}
