//! What an item of a questionnaire is, and which types its answers have. Not for single answers.

/// The type of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Holds other items.
    Group,
    /// Text only.
    Display,
    /// Abstract: it says nothing of the answer.
    Question,
    /// One of the options.
    Choice,
    /// One of the options, or text.
    OpenChoice,
    /// An answer of one type.
    Plain(Plain),
}

/// A question whose answers have one type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    /// `boolean`.
    Boolean,
    /// `decimal`.
    Decimal,
    /// `integer`.
    Integer,
    /// `date`.
    Date,
    /// `dateTime`.
    DateTime,
    /// `time`.
    Time,
    /// `string`: one line.
    String,
    /// `text`: several lines.
    Text,
    /// `url`.
    Url,
    /// `attachment`.
    Attachment,
    /// `reference`.
    Reference,
    /// `quantity`.
    Quantity,
}

impl Kind {
    /// The type of a code of the specification.
    pub(super) fn of(code: &str) -> Option<Self> {
        Some(match code {
            "group" => Self::Group,
            "display" => Self::Display,
            "question" => Self::Question,
            "choice" => Self::Choice,
            "open-choice" => Self::OpenChoice,
            "boolean" => Self::Plain(Plain::Boolean),
            "decimal" => Self::Plain(Plain::Decimal),
            "integer" => Self::Plain(Plain::Integer),
            "date" => Self::Plain(Plain::Date),
            "dateTime" => Self::Plain(Plain::DateTime),
            "time" => Self::Plain(Plain::Time),
            "string" => Self::Plain(Plain::String),
            "text" => Self::Plain(Plain::Text),
            "url" => Self::Plain(Plain::Url),
            "attachment" => Self::Plain(Plain::Attachment),
            "reference" => Self::Plain(Plain::Reference),
            "quantity" => Self::Plain(Plain::Quantity),
            _ => return None,
        })
    }

    /// Whether it can have answers.
    pub(super) fn is_question(self) -> bool {
        match self {
            Self::Group | Self::Display => false,
            Self::Question | Self::Choice | Self::OpenChoice | Self::Plain(_) => true,
        }
    }

    /// Whether its answers can be greater or less than others.
    pub(super) fn has_order(self) -> bool {
        match self {
            Self::Plain(plain) => match plain {
                Plain::Boolean | Plain::Attachment | Plain::Reference | Plain::Url => false,
                Plain::Decimal
                | Plain::Integer
                | Plain::Date
                | Plain::DateTime
                | Plain::Time
                | Plain::String
                | Plain::Text
                | Plain::Quantity => true,
            },
            // Options may be numbers or days.
            Self::Question | Self::Choice | Self::OpenChoice => true,
            Self::Group | Self::Display => false,
        }
    }
}

impl Plain {
    /// The type of the answers.
    pub(super) fn answer(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Decimal => "decimal",
            Self::Integer => "integer",
            Self::Date => "date",
            Self::DateTime => "dateTime",
            Self::Time => "time",
            Self::String | Self::Text => "string",
            Self::Url => "uri",
            Self::Attachment => "Attachment",
            Self::Reference => "Reference",
            Self::Quantity => "Quantity",
        }
    }

    /// Types that a condition may compare the answers with; `enableWhen` has no `uri`, and numbers and days compare
    /// with each other.
    pub(super) fn comparable(self) -> &'static [&'static str] {
        match self {
            Self::Boolean => &["boolean"],
            Self::Decimal | Self::Integer => &["decimal", "integer"],
            Self::Date | Self::DateTime => &["date", "dateTime"],
            Self::Time => &["time"],
            Self::String | Self::Text => &["string"],
            Self::Url => &["string", "uri"],
            Self::Attachment => &["Attachment"],
            Self::Reference => &["Reference"],
            Self::Quantity => &["Quantity"],
        }
    }
}
