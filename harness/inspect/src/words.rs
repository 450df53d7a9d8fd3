//! The words that files of an assessment are written with: statuses, kinds and strengths of evidence.
//! Not for what follows from them: see `overview`.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $key:literal, $label:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $key)] $variant,)+
        }

        impl $name {
            /// Every value, in the order in which pages show them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word used in files.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)+ }
            }

            /// The words shown to people.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }
        }
    };
}

words! {
    /// An answer to a question of the checklist, by the organisation or by the inspector.
    Status {
        /// What good looks like is there.
        Met = "met", "Met";
        /// Some of it is there.
        PartlyMet = "partly-met", "Partly met";
        /// It is not there.
        NotMet = "not-met", "Not met";
        /// The question does not arise at this organisation; the reason says why.
        NotApplicable = "not-applicable", "Not applicable";
        /// Nobody has looked yet.
        NotAssessed = "not-assessed", "Not assessed";
    }
}

impl Status {
    /// Whether the answer says how well the organisation does: met, partly met or not met.
    pub const fn is_rating(self) -> bool {
        match self {
            Self::Met | Self::PartlyMet | Self::NotMet => true,
            Self::NotApplicable | Self::NotAssessed => false,
        }
    }

    /// Steps above "not met"; `None` where the answer is no rating.
    pub const fn steps(self) -> Option<i8> {
        match self {
            Self::Met => Some(2),
            Self::PartlyMet => Some(1),
            Self::NotMet => Some(0),
            Self::NotApplicable | Self::NotAssessed => None,
        }
    }
}

words! {
    /// The inspector's rating of a group of questions. Words of Plumbline, of no regulator.
    GroupRating {
        /// See the checklist's characteristic.
        FullyMet = "fully-met", "Fully met";
        /// See the checklist's characteristic.
        MostlyMet = "mostly-met", "Mostly met";
        /// See the checklist's characteristic.
        PartlyMet = "partly-met", "Partly met";
        /// See the checklist's characteristic.
        NotMet = "not-met", "Not met";
        /// The inspector gives none.
        NotRated = "not-rated", "Not rated";
    }
}

words! {
    /// How sure the inspector is of a judgement.
    Confidence {
        /// Several independent kinds of evidence agree.
        High = "high", "high";
        /// The evidence agrees but is thin, or old.
        Medium = "medium", "medium";
        /// Evidence is missing or contradicts itself.
        Low = "low", "low";
        /// The inspector does not say.
        NotStated = "not-stated", "not stated";
    }
}

words! {
    /// The six places that evidence can come from.
    Category {
        /// What patients and carers say.
        People = "people-experience", "people's experience";
        /// What staff and leaders say.
        Staff = "staff-leaders", "staff and leaders";
        /// What partner organisations say.
        Partners = "partners", "partners";
        /// What was seen to happen, by a person or by a test of the running system.
        Observation = "observation", "observation";
        /// What is written down and followed.
        Processes = "processes", "processes";
        /// What came of it, in figures.
        Outcomes = "outcomes", "outcomes";
    }
}

words! {
    /// The form of a piece of evidence.
    EvidenceType {
        /// A run of a pack against the organisation's own system; written by `plumbline inspect fill` only.
        Automated = "automated", "test of the running system";
        /// A document that was read.
        Document = "document", "document";
        /// A talk with somebody.
        Interview = "interview", "interview";
        /// Something that was watched.
        Observation = "observation", "observation";
        /// Answers of many to the same questions.
        Survey = "survey", "survey";
        /// Figures of live operation.
        Outcome = "outcome", "figures of live operation";
    }
}

words! {
    /// Who supplied a piece of evidence.
    SuppliedBy {
        /// The organisation that is assessed, its staff included.
        Organisation = "organisation", "the organisation";
        /// A supplier of its systems.
        Supplier = "supplier", "a supplier";
        /// Another organisation that shares records with it.
        Partner = "partner", "a partner";
        /// A patient or carer.
        Patient = "patient", "a patient or carer";
        /// The inspector, who saw it.
        Inspector = "inspector", "the inspector";
        /// A test of the running system; written by `plumbline inspect fill` only.
        Test = "test", "a test of the running system";
    }
}

words! {
    /// How strong a piece of evidence is.
    Strength {
        /// Seen by the inspector or measured by a test.
        Direct = "direct", "direct";
        /// Said or written, and confirmed from elsewhere.
        Corroborated = "corroborated", "corroborated";
        /// Said or written only.
        Asserted = "asserted", "asserted";
    }
}

words! {
    /// Which way a piece of evidence points.
    Weighs {
        /// Towards "met".
        Supports = "supports", "supports";
        /// Away from "met".
        Contradicts = "contradicts", "contradicts";
        /// Neither.
        Neutral = "neutral", "neutral";
    }
}

words! {
    /// How pressing an action is.
    Urgency {
        /// Patients may be harmed, or an essential question is not met.
        Must = "must", "Must";
        /// An improvement that the inspector expects.
        Should = "should", "Should";
        /// An improvement worth thinking of.
        Could = "could", "Could";
    }
}

words! {
    /// What the organisation says of the draft.
    PointKind {
        /// A fact is wrong.
        Fact = "fact", "fact";
        /// A judgement does not follow from the evidence.
        Judgement = "judgement", "judgement";
        /// Evidence was left out.
        Completeness = "completeness", "completeness of evidence";
    }
}

words! {
    /// What became of a point that the organisation raised.
    PointOutcome {
        /// The report was changed as asked.
        Accepted = "accepted", "Accepted";
        /// A part of it was changed.
        PartlyAccepted = "partly-accepted", "Partly accepted";
        /// Nothing was changed.
        NotAccepted = "not-accepted", "Not accepted";
        /// Not decided yet.
        Open = "open", "Open";
    }
}

words! {
    /// Whether a question asks for what every organisation needs, or for what a good one has.
    ItemLevel {
        /// "Not met" is reported as a failure. No duty of law is meant.
        Essential = "essential", "Essential";
        /// Good practice.
        Expected = "expected", "Expected";
    }
}

words! {
    /// Whether a run came to its end.
    RunEnd {
        /// It did.
        Completed = "completed", "completed";
        /// It was ended early; what was not run is undecided.
        Incomplete = "incomplete", "not completed";
    }
}

words! {
    /// How many patients the harm of one failure could reach.
    Reach {
        /// One.
        One = "one", "one patient";
        /// More than one.
        Several = "several", "several patients";
    }
}

words! {
    /// The five key questions of the 2018-22 framework.
    KeyQuestion {
        /// Safe.
        Safe = "safe", "Safe";
        /// Effective.
        Effective = "effective", "Effective";
        /// Caring.
        Caring = "caring", "Caring";
        /// Responsive.
        Responsive = "responsive", "Responsive";
        /// Well-led.
        WellLed = "well-led", "Well-led";
    }
}

words! {
    /// The lines of enquiry of the 2018-22 framework that speak of information.
    EnquiryLine {
        /// Records are written and managed safely.
        S31 = "S3.1", "S3.1";
        /// Staff have what they need in time.
        S32 = "S3.2", "S3.2";
        /// Information is shared when care moves.
        S33 = "S3.3", "S3.3";
        /// The systems that manage information support staff.
        S34 = "S3.4", "S3.4";
    }
}

words! {
    /// The four things that a trust must be able to show.
    Demand {
        /// Standard formats and protocols.
        Formats = "F1", "standard formats";
        /// Barriers to sharing removed.
        Barriers = "F2", "barriers removed";
        /// Communication that works.
        Communication = "F3", "communication that works";
        /// Privacy and security.
        Privacy = "F4", "privacy and security";
    }
}

words! {
    /// Whether an assessment is about a real organisation.
    Nature {
        /// It is.
        Assessment = "assessment", "assessment";
        /// The organisation, the people and the findings are invented.
        Example = "example", "example with invented data";
    }
}

words! {
    /// What a run of a pack is worth to an assessment.
    RunStanding {
        /// A run on the organisation's own system.
        Evidence = "evidence", "evidence";
        /// A run on a supplier's product: it says nothing about how this organisation runs it.
        SupplierClaim = "supplier-claim", "supplier's claim, not evidence";
        /// A run on a mock system: it says nothing about any product.
        Mock = "mock", "mock system, not evidence";
    }
}

words! {
    /// What a measure of live operation counts.
    MeasureKind {
        /// Things that happened within the agreed time, of all that happened.
        Latency = "latency", "in time";
        /// Minutes in service, of the minutes of the period.
        Availability = "availability", "availability";
        /// Things that were there already, of all.
        DuplicateRate = "duplicate-rate", "duplicates";
    }
}

impl MeasureKind {
    /// Whether the counts are of people or messages, so that an interval has a meaning and small numbers
    /// could point to somebody. Minutes are neither.
    pub const fn counts_events(self) -> bool {
        match self {
            Self::Latency | Self::DuplicateRate => true,
            Self::Availability => false,
        }
    }

    /// Which way is good, in words.
    pub const fn direction(self) -> &'static str {
        match self {
            Self::Latency | Self::Availability => "higher is better",
            Self::DuplicateRate => "lower is better",
        }
    }
}

words! {
    /// What of a measure is kept back, because so few could point to somebody.
    Withheld {
        /// Nothing.
        Nothing = "nothing", "nothing";
        /// The numerator is 1 to 4.
        Numerator = "numerator", "fewer than 5";
        /// All but 1 to 4.
        Remainder = "remainder", "all but fewer than 5";
        /// There are fewer than 5 in all.
        Both = "both", "fewer than 5 in all";
    }
}
