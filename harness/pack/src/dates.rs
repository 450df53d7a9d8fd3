//! Dates as written in files: `YYYY-MM-DD`, and real days only.

/// Whether the text is a day of the calendar.
pub(crate) fn is_date(text: &str) -> bool {
    plumbline_model::year_of_day(text).is_some_and(|year| year >= 1800)
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn knows_the_calendar() {
        assert!(is_date("2024-02-29"));
        for wrong in [
            "2023-02-29",
            "2023-13-01",
            "2023-1-1",
            "01/02/2023",
            "",
            "2023-04-31",
        ] {
            assert!(!is_date(wrong), "{wrong}");
        }
    }
}
