//! Gives each fact a record of its own, so that as few facts as possible go without.
//! Not for what a fact or a record is: only how alike they are.

/// How a record fits a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// It is such a record.
    Sure,
    /// It may be one.
    Possible,
    /// It is another.
    None,
}

/// For each fact, the record that is its own: a sure one where there is one, else a possible one.
/// `likenesses` has one row for each fact and in it one place for each record.
pub(crate) fn pair(likenesses: &[Vec<Likeness>]) -> Vec<Option<usize>> {
    let records = likenesses.first().map_or(0, Vec::len);
    let mut facts: Vec<Option<usize>> = vec![None; records];
    for allowed in [&[Likeness::Sure][..], &[Likeness::Sure, Likeness::Possible]] {
        for fact in 0..likenesses.len() {
            if !facts.contains(&Some(fact)) {
                let mut tried = vec![false; records];
                settle(fact, likenesses, allowed, &mut tried, &mut facts);
            }
        }
    }
    (0..likenesses.len())
        .map(|fact| facts.iter().position(|own| *own == Some(fact)))
        .collect()
}

/// Finds a record for a fact, moving other facts to other records where that makes room.
fn settle(
    fact: usize,
    likenesses: &[Vec<Likeness>],
    allowed: &[Likeness],
    tried: &mut [bool],
    facts: &mut [Option<usize>],
) -> bool {
    for record in 0..facts.len() {
        if tried[record] || !allowed.contains(&likenesses[fact][record]) {
            continue;
        }
        tried[record] = true;
        let room = match facts[record] {
            None => true,
            Some(other) => settle(other, likenesses, allowed, tried, facts),
        };
        if room {
            facts[record] = Some(fact);
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::Likeness::{None as No, Possible, Sure};
    use super::*;

    #[test]
    fn a_record_with_two_codes_is_left_to_the_fact_that_has_no_other() {
        assert_eq!(
            pair(&[vec![Sure, Sure], vec![Sure, No]]),
            [Some(1), Some(0)]
        );
    }

    #[test]
    fn two_equal_facts_need_two_records() {
        assert_eq!(pair(&[vec![Sure], vec![Sure]]), [Some(0), None]);
        assert_eq!(pair(&[vec![], vec![]]), [None, None]);
    }

    #[test]
    fn a_sure_record_goes_before_a_possible_one() {
        assert_eq!(pair(&[vec![Possible, Sure]]), [Some(1)]);
        assert_eq!(
            pair(&[vec![Sure, No], vec![Sure, Possible]]),
            [Some(0), Some(1)]
        );
        assert_eq!(pair(&[vec![Possible], vec![Possible]]), [Some(0), None]);
    }
}
