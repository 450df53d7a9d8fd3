//! deviations.md: where the sources contradict one another, the side taken, and why.

use crate::pack::Deviation;
use crate::source::Source;

/// The sections of the file; an empty one is reported.
pub(crate) fn read(source: &Source<'_>) -> Vec<Deviation> {
    let mut sections: Vec<(Deviation, std::ops::Range<usize>, bool)> = Vec::new();
    let mut start = 0;
    for line in source.text.split_inclusive('\n') {
        let text = line.trim();
        if let Some(title) = text.strip_prefix("## ") {
            let deviation = Deviation {
                title: title.trim().to_owned(),
                line: source.line(start),
            };
            sections.push((deviation, start..start + text.len(), false));
        } else if !text.is_empty()
            && !text.starts_with('#')
            && let Some((_, _, filled)) = sections.last_mut()
        {
            *filled = true;
        }
        start += line.len();
    }
    for (deviation, range, filled) in &sections {
        if !filled {
            source.error(
                range.clone(),
                format!("the section `{}` says nothing", deviation.title),
                "say what the sources say, which side the pack takes, and why; or remove the heading",
            );
        }
    }
    if source.text.trim().is_empty() {
        source.error(
            0..0,
            "deviations.md is empty",
            "say that none are known, or describe each under a heading `## `",
        );
    }
    sections
        .into_iter()
        .map(|(deviation, _, _)| deviation)
        .collect()
}
