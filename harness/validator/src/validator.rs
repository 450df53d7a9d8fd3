//! [`Validator`]: judges a resource by everything that is known. Not the single rules.

use crate::binding;
use crate::bundle;
use crate::definition;
use crate::judged::Judged;
use crate::knowledge::Knowledge;
use crate::parameters;
use crate::profile::{self, Around};
use crate::questionnaire;
use crate::reference;
use plumbline_conformance::Library;
use plumbline_fhir::validate::survey;
use plumbline_fhir::{FhirVersion, Options, Outcome};
use plumbline_terminology::TerminologyServer;
use plumbline_tree::Tree;
use std::sync::Arc;

/// Judges resources of one version by the base specification and by what a library holds.
/// Made once, used for many resources and by many threads at once.
#[derive(Debug)]
pub struct Validator {
    knowledge: Knowledge,
}

impl Validator {
    /// A validator for the version of the library.
    pub fn new(library: Library) -> Self {
        Self {
            knowledge: Knowledge::new(library),
        }
    }

    /// The same, with a terminology server that is asked where nothing here can decide about a code.
    #[must_use]
    pub fn with_server(mut self, server: Arc<dyn TerminologyServer>) -> Self {
        self.knowledge.terminology = self.knowledge.terminology.with_server(server);
        self
    }

    /// Adds a resource beside the library: a questionnaire that answers are checked against, or what a reference
    /// leads to.
    pub fn supply(&mut self, tree: Tree) {
        self.knowledge.supply(tree);
    }

    /// The version of FHIR.
    pub fn version(&self) -> FhirVersion {
        self.knowledge.version()
    }

    /// Judges the resource in a tree and every resource in it: by the base specification, by the profiles that they
    /// claim, each extension by its definition, and the outermost resource by `profiles` too, which are canonical
    /// addresses with or without `|version`. What cannot be checked is said in [`Judged::profiles`].
    pub fn judge(&self, tree: &Tree, profiles: &[String], options: &Options) -> Judged {
        let knowledge = &self.knowledge;
        let (base, survey) = survey(tree, knowledge.definitions, options);
        let around = Around::of(tree, knowledge);
        let mut found = profile::check(knowledge, &around, &survey, profiles, *options);
        binding::check_codings(knowledge, &survey, &mut found.report, &mut found.coded);
        definition::check(knowledge, &survey, &mut found);
        questionnaire::check(knowledge, tree, &survey, &mut found);
        let links = reference::check(&around, &survey, *options, &mut found.report);
        bundle::check(&around, &links, &mut found.report);
        parameters::check(&around, &mut found.report);
        Judged::new(base, found, *options)
    }

    /// As [`Validator::judge`], without what is said of each profile:
    /// [`Outcome::profiles_not_checked`] has those that were not checked.
    pub fn validate(&self, tree: &Tree, profiles: &[String], options: &Options) -> Outcome {
        self.judge(tree, profiles, options).outcome
    }
}
