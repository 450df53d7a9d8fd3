//! Folds case and accents, so that names compare as a search compares them.
//! Covers Latin letters; other scripts only lose their case.

/// The text in lower case without accents.
pub(crate) fn fold(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .fold(String::with_capacity(text.len()), |mut folded, c| {
            match c {
                'à'..='å' | 'ā' | 'ă' | 'ą' => folded.push('a'),
                'æ' => folded.push_str("ae"),
                'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => folded.push('c'),
                'ð' | 'ď' | 'đ' => folded.push('d'),
                'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => folded.push('e'),
                'ĝ' | 'ğ' | 'ġ' | 'ģ' => folded.push('g'),
                'ĥ' | 'ħ' => folded.push('h'),
                'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => folded.push('i'),
                'ĵ' => folded.push('j'),
                'ķ' => folded.push('k'),
                'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => folded.push('l'),
                'ñ' | 'ń' | 'ņ' | 'ň' => folded.push('n'),
                'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => folded.push('o'),
                'œ' => folded.push_str("oe"),
                'ŕ' | 'ŗ' | 'ř' => folded.push('r'),
                'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => folded.push('s'),
                'ß' => folded.push_str("ss"),
                'ţ' | 'ť' | 'ŧ' | 'ț' => folded.push('t'),
                'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => folded.push('u'),
                'ŵ' => folded.push('w'),
                'ý' | 'ÿ' | 'ŷ' => folded.push('y'),
                'ź' | 'ż' | 'ž' => folded.push('z'),
                other => folded.push(other),
            }
            folded
        })
}
