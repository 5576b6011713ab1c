//! The words of a rule: what stands in quotes is one, blanks and all, as in a shell.

/// The words of a text, without their quotes. `None`: a quote is not closed.
pub(super) fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for character in text.chars() {
        match quote {
            Some(closing) if character == closing => quote = None,
            Some(_) => word.get_or_insert_default().push(character),
            None if character.is_whitespace() => words.extend(word.take()),
            None if matches!(character, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            None => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

/// A word as it has to be written.
pub(super) fn quoted(word: &str) -> String {
    let needs_none = |character: char| !character.is_whitespace() && !"\"'".contains(character);
    match word.chars().all(needs_none) {
        true => word.to_owned(),
        // A double quote stands between single ones.
        false => format!("\"{}\"", word.replace('"', "\"'\"'\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_words_together() {
        for (text, words) in [
            ("", &[][..]),
            ("  a  b=c\t", &["a", "b=c"]),
            ("topic='a b/c'", &["topic=a b/c"]),
            ("'x'\"y z\"w ''", &["xy zw", ""]),
            ("\"it's\"", &["it's"]),
        ] {
            let split = split(text).expect(text);
            assert_eq!(split, words, "{text}");
        }
        assert_eq!(split("a 'b"), None);
    }

    #[test]
    fn a_quoted_word_is_one_word_again() {
        for word in ["plain", "with blank", "it's", "a \"b\" 'c'", "\t"] {
            assert_eq!(split(&quoted(word)), Some(vec![word.to_owned()]), "{word}");
        }
        assert_eq!(quoted("sensor-*"), "sensor-*");
    }
}
