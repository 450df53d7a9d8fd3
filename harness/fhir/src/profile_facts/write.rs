//! Writes facts as text, the same facts always as the same text. Not for reading it: read.rs.

use super::element::{Bound, ElementFacts, TypeFacts, Value};
use super::file::FactsFile;
use super::profile::ProfileFacts;
use super::terms::{CodeSystemFacts, Part, Picked, ValueSetFacts};
use super::words::{push, push_option, push_rest};

/// No line of codes is longer, unless by one code alone.
const WIDTH: usize = 100;

impl FactsFile {
    /// The facts as text: profiles, code systems and value sets, each by address and version.
    pub fn to_text(&self) -> String {
        let mut text = format!("fhir {}\n", self.version.number());
        let mut profiles: Vec<&ProfileFacts> = self.profiles.iter().collect();
        profiles.sort_by_key(|it| (&it.url, &it.version));
        let mut systems: Vec<&CodeSystemFacts> = self.code_systems.iter().collect();
        systems.sort_by_key(|it| (&it.url, &it.version));
        let mut sets: Vec<&ValueSetFacts> = self.value_sets.iter().collect();
        sets.sort_by_key(|it| (&it.url, &it.version));
        let mut out = Lines { text: &mut text };
        for profile in profiles {
            out.profile(profile);
        }
        for system in systems {
            out.system(system);
        }
        for set in sets {
            out.set(set);
        }
        text
    }
}

/// The lines that are written.
struct Lines<'t> {
    text: &'t mut String,
}

impl Lines<'_> {
    /// Begins a line at this depth with a word that needs no quotes.
    fn begin(&mut self, depth: usize, word: &str) {
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(word);
    }

    fn word(&mut self, word: &str) {
        self.text.push(' ');
        push(self.text, word);
    }

    fn option(&mut self, word: Option<&str>) {
        self.text.push(' ');
        push_option(self.text, word);
    }

    /// What stands as it is: an expression, or a value of JSON.
    fn rest(&mut self, rest: &str) {
        self.text.push(' ');
        push_rest(self.text, rest);
    }

    fn end(&mut self) {
        self.text.push('\n');
    }

    fn line(&mut self, depth: usize, word: &str, words: &[&str]) {
        self.begin(depth, word);
        for word in words {
            self.word(word);
        }
        self.end();
    }

    fn profile(&mut self, profile: &ProfileFacts) {
        self.begin(0, "profile");
        self.word(&profile.url);
        self.option(profile.version.as_deref());
        self.option(profile.status.as_deref());
        self.end();
        let mut kind = vec![profile.kind.word(), profile.of.as_str()];
        if profile.is_abstract {
            kind.push("abstract");
        }
        self.line(1, "kind", &kind);
        if let Some(derivation) = profile.derivation {
            self.line(1, "derivation", &[derivation.word()]);
        }
        if let Some(base) = &profile.base {
            self.line(1, "base", &[base]);
        }
        for context in &profile.contexts {
            self.begin(1, "context");
            self.word(context.kind.word());
            self.rest(&context.expression);
            self.end();
        }
        for invariant in &profile.context_invariants {
            self.begin(1, "context-invariant");
            self.rest(invariant);
            self.end();
        }
        for element in &profile.elements {
            self.element(element);
        }
    }

    fn element(&mut self, element: &ElementFacts) {
        let is_told = element.is_told_by_id();
        self.begin(1, "element");
        self.word(if is_told { &element.id } else { &element.path });
        if element.min.is_some() || element.max.is_some() {
            let min = element.min.map(|min| min.to_string()).unwrap_or_default();
            let max = element.max.map(|max| max.to_string()).unwrap_or_default();
            self.word(&format!("{min}..{max}"));
        }
        if element.is_must_support {
            self.word("must-support");
        }
        if element.is_modifier {
            self.word("modifier");
        }
        self.end();
        if !is_told {
            if let Some(slice) = &element.slice {
                self.line(2, "slice", &[slice]);
            }
            self.line(2, "id", &[&element.id]);
        }
        if let Some(slicing) = &element.slicing {
            self.begin(2, "slicing");
            self.option(slicing.rules.map(super::element::Rules::word));
            if slicing.is_ordered {
                self.word("ordered");
            }
            self.end();
            for by in &slicing.discriminators {
                self.line(3, "by", &[by.kind.word(), &by.path]);
            }
        }
        if let Some(content) = &element.content {
            self.line(2, "content", &[content]);
        }
        for of in &element.types {
            self.type_lines(of);
        }
        self.value("fixed", element.fixed.as_ref());
        self.value("pattern", element.pattern.as_ref());
        self.value("least", element.least.as_ref());
        self.value("greatest", element.greatest.as_ref());
        if let Some(length) = element.max_length {
            self.line(2, "max-length", &[&length.to_string()]);
        }
        if let Some(binding) = &element.binding {
            self.binding(binding);
        }
        for invariant in &element.invariants {
            self.begin(2, "^");
            self.word(&invariant.key);
            self.word(invariant.severity.word());
            if let Some(expression) = &invariant.expression {
                self.rest(expression);
            }
            self.end();
            if let Some(source) = &invariant.source {
                self.line(3, "from", &[source]);
            }
        }
    }

    fn type_lines(&mut self, of: &TypeFacts) {
        self.line(2, "type", &[&of.code]);
        for profile in &of.profiles {
            self.line(3, "profile", &[profile]);
        }
        for target in &of.targets {
            self.line(3, "target", &[target]);
        }
        if !of.aggregation.is_empty() {
            let words: Vec<&str> = of.aggregation.iter().map(String::as_str).collect();
            self.line(3, "aggregation", &words);
        }
    }

    fn value(&mut self, word: &str, value: Option<&Value>) {
        if let Some(value) = value {
            self.begin(2, word);
            self.word(&value.of);
            self.text.push(' ');
            self.text.push_str(&value.json);
            self.end();
        }
    }

    fn binding(&mut self, binding: &Bound) {
        self.begin(2, "binding");
        self.word(binding.strength.word());
        self.option(binding.value_set.as_deref());
        self.end();
        if let Some(greatest) = &binding.greatest {
            self.line(3, "greatest", &[greatest]);
        }
    }

    fn system(&mut self, system: &CodeSystemFacts) {
        self.begin(0, "system");
        self.word(&system.url);
        self.option(system.version.as_deref());
        self.word(&system.content);
        match system.is_case_sensitive {
            Some(true) => self.word("case"),
            Some(false) => self.word("nocase"),
            None => {}
        }
        if system.is_withheld {
            self.word("withheld");
        }
        self.end();
        self.codes(1, "codes", &system.codes);
        self.codes(1, "groups", &system.groups);
        for (code, below) in &system.below {
            self.line(1, "below", &[code]);
            self.codes(2, "codes", below);
        }
        for property in &system.properties {
            self.line(1, "property", &[&property.name]);
            for (value, codes) in &property.values {
                self.line(2, "has", &[value]);
                self.codes(3, "codes", codes);
            }
        }
    }

    /// Codes in as many lines as they need.
    fn codes(&mut self, depth: usize, word: &str, codes: &[String]) {
        let mut from = self.text.len();
        for (at, code) in codes.iter().enumerate() {
            let mut next = String::new();
            push(&mut next, code);
            if at == 0 {
                self.begin(depth, word);
            } else if self.text.len() + 1 + next.len() > from + WIDTH {
                self.end();
                from = self.text.len();
                self.begin(depth, word);
            }
            self.text.push(' ');
            self.text.push_str(&next);
        }
        if !codes.is_empty() {
            self.end();
        }
    }

    fn set(&mut self, set: &ValueSetFacts) {
        self.begin(0, "set");
        self.word(&set.url);
        self.option(set.version.as_deref());
        self.end();
        for (word, parts) in [
            ("include", &set.include),
            ("exclude", &set.exclude),
            ("expansion", &set.expansion),
        ] {
            for part in parts {
                self.part(word, part);
            }
        }
    }

    fn part(&mut self, word: &str, part: &Part) {
        self.begin(1, word);
        self.option(part.system.as_deref());
        self.option(part.version.as_deref());
        if part.picked == Picked::Withheld {
            self.word("withheld");
        }
        self.end();
        match &part.picked {
            Picked::All | Picked::Withheld => {}
            Picked::Codes(codes) => self.codes(2, "codes", codes),
            Picked::Filters(filters) => {
                for filter in filters {
                    let words = [
                        filter.property.as_str(),
                        filter.operator.as_str(),
                        filter.value.as_str(),
                    ];
                    self.line(2, "filter", &words);
                }
            }
        }
        for set in &part.value_sets {
            self.line(2, "set", &[set]);
        }
    }
}
