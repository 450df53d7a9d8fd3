//! Numbers, dates and names as people read them.
//! Not for sentences about one part of the page: each part has its own.

/// "1 finding", "3 findings".
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{} {many}", thousands(number))
    }
}

/// "2,000".
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Tenths of a point as "81.4", and whole points as "81".
pub(crate) fn points(tenths: u16) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}.{rest}", tenths / 10),
    }
}

/// "2026-11-22T09:14:03Z" as "22 November 2026"; anything else as it is.
pub(crate) fn day(stamp: &str) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let read = || {
        let mut parts = stamp.get(..10)?.split('-');
        let year: u16 = parts.next()?.parse().ok()?;
        let month: usize = parts.next()?.parse().ok()?;
        let day: u8 = parts.next()?.parse().ok()?;
        Some(format!(
            "{day} {} {year}",
            MONTHS.get(month.checked_sub(1)?)?
        ))
    };
    read().unwrap_or_else(|| stamp.to_owned())
}

/// "09:14 UTC" of a stamp, or nothing.
pub(crate) fn time(stamp: &str) -> Option<String> {
    let time = stamp.get(11..16)?;
    stamp.ends_with('Z').then(|| format!("{time} UTC"))
}

/// "clinical-allergy-intolerance" as "Clinical allergy intolerance".
pub(crate) fn humanised(id: &str) -> String {
    sentence_case(&id.replace(['-', '_'], " "))
}

/// First letter in upper case.
pub(crate) fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// First letter in lower case, for use inside a sentence; "NHS number" stays as it is.
pub(crate) fn inside(text: &str) -> String {
    if text.chars().nth(1).is_some_and(char::is_uppercase) {
        return text.to_owned();
    }
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// With exactly one full stop at the end.
pub(crate) fn sentence(text: &str) -> String {
    let text = sentence_case(text.trim());
    if text.is_empty() || text.ends_with(['.', '!', '?', ':']) {
        text
    } else {
        format!("{text}.")
    }
}

/// As a heading: upper-case start, no full stop.
pub(crate) fn heading(text: &str) -> String {
    sentence_case(text.trim().trim_end_matches('.'))
}

/// The address, if it leads to the web and nowhere else.
pub(crate) fn safe_href(url: &str) -> Option<&str> {
    let web = url.starts_with("https://") || url.starts_with("http://");
    (web && !url.contains(char::is_whitespace) && !url.contains(char::is_control)).then_some(url)
}

/// A text for use inside a CSS string: everything but letters, digits and spaces is escaped.
/// An escape takes one space after it as its end, so it brings its own.
pub(crate) fn css_string(text: &str) -> String {
    use std::fmt::Write as _;
    text.chars().fold(String::new(), |mut css, letter| {
        if letter.is_ascii_alphanumeric() || letter == ' ' {
            css.push(letter);
        } else if write!(css, "\\{:06x} ", u32::from(letter)).is_err() {
            css.push(' ');
        }
        css
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(points(814), "81.4");
        assert_eq!(points(1000), "100");
        assert_eq!(points(0), "0");
    }

    #[test]
    fn dates_read_well_or_stay_as_they_are() {
        assert_eq!(day("2026-11-02T09:14:03Z"), "2 November 2026");
        assert_eq!(day("soon"), "soon");
        assert_eq!(day("2026-13-02T09:14:03Z"), "2026-13-02T09:14:03Z");
        assert_eq!(time("2026-11-02T09:14:03Z").as_deref(), Some("09:14 UTC"));
        assert_eq!(time(""), None);
    }

    #[test]
    fn abbreviations_keep_their_letters() {
        assert_eq!(inside("Patient index"), "patient index");
        assert_eq!(inside("NHS number"), "NHS number");
        assert_eq!(inside(""), "");
    }

    #[test]
    fn only_web_addresses_become_links() {
        assert_eq!(
            safe_href("https://a.example/x"),
            Some("https://a.example/x")
        );
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//a.example",
            "https://a b",
            "",
        ] {
            assert_eq!(safe_href(bad), None, "{bad}");
        }
    }

    #[test]
    fn css_strings_cannot_be_left() {
        assert_eq!(css_string("a\"}<"), "a\\000022 \\00007d \\00003c ");
    }
}
