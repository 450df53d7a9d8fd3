//! Addresses of definitions that end in a version. Not for reading the version.

/// The address without `|version` or `/_history/version`.
pub(crate) fn without_version(address: &str) -> &str {
    let address = address.split('|').next().unwrap_or(address);
    address
        .split_once("/_history/")
        .map_or(address, |(address, _)| address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_form_of_version_is_taken_off() {
        for address in [
            "https://a.example/P-1",
            "https://a.example/P-1|2",
            "https://a.example/P-1/_history/1.2",
        ] {
            assert_eq!(without_version(address), "https://a.example/P-1");
        }
    }
}
