//! Three values: yes, no, and cannot be known, with its reason. Not for what they are about.

/// Why something cannot be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why<'s> {
    /// The code has the right form; whether it exists, nobody here can say.
    FormOnly,
    /// A fragment of a sentence.
    Reason(&'s str),
}

/// How a no is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ground {
    /// By a list of codes.
    Listed,
    /// By the form of the code.
    Form,
}

/// Whether something is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth<'s> {
    /// It is.
    Yes,
    /// It is not.
    No(Ground),
    /// It cannot be known here.
    Unknown(Why<'s>),
}

impl Truth<'_> {
    /// What a list of codes says.
    pub(crate) fn listed(is_so: bool) -> Self {
        if is_so {
            Self::Yes
        } else {
            Self::No(Ground::Listed)
        }
    }

    /// Whether both are so.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No(ground), _) | (_, Self::No(ground)) => Self::No(ground),
            (Self::Unknown(why), _) | (_, Self::Unknown(why)) => Self::Unknown(why),
            (Self::Yes, Self::Yes) => Self::Yes,
        }
    }

    /// Whether one of both is so. Of two reasons not to know the one that says less about the code stays.
    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Unknown(Why::Reason(reason)), _) | (_, Self::Unknown(Why::Reason(reason))) => {
                Self::Unknown(Why::Reason(reason))
            }
            (Self::Unknown(why), _) | (_, Self::Unknown(why)) => Self::Unknown(why),
            (Self::No(Ground::Form), _) | (_, Self::No(Ground::Form)) => Self::No(Ground::Form),
            (Self::No(Ground::Listed), Self::No(Ground::Listed)) => Self::No(Ground::Listed),
        }
    }

    /// Whether it is not so.
    pub(crate) fn not(self) -> Self {
        match self {
            Self::Yes => Self::No(Ground::Listed),
            Self::No(_) => Self::Yes,
            Self::Unknown(why) => Self::Unknown(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YES: Truth<'_> = Truth::Yes;
    const NO: Truth<'_> = Truth::No(Ground::Listed);
    const UNKNOWN: Truth<'_> = Truth::Unknown(Why::Reason("r"));

    #[test]
    fn the_tables_of_three_values() {
        let all = [YES, NO, UNKNOWN];
        let ands = [YES, NO, UNKNOWN, NO, NO, NO, UNKNOWN, NO, UNKNOWN];
        let ors = [YES, YES, YES, YES, NO, UNKNOWN, YES, UNKNOWN, UNKNOWN];
        for (at, (and, or)) in ands.into_iter().zip(ors).enumerate() {
            let (left, right) = (all[at / 3], all[at % 3]);
            assert_eq!(left.and(right), and, "{left:?} and {right:?}");
            assert_eq!(left.or(right), or, "{left:?} or {right:?}");
        }
        assert_eq!((YES.not(), NO.not(), UNKNOWN.not()), (NO, YES, UNKNOWN));
    }

    #[test]
    fn a_reason_says_less_than_a_good_form() {
        let form = Truth::Unknown(Why::FormOnly);
        assert_eq!(form.or(UNKNOWN), UNKNOWN);
        assert_eq!(form.or(NO), form);
        assert_eq!(Truth::No(Ground::Form).or(NO), Truth::No(Ground::Form));
    }
}
