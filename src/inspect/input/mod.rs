//! Bytes as people write them down: the many forms of a dump, and how to tell them apart.

/// Reads a dump.
///
/// # Errors
/// What is wrong with it.
pub fn read(text: &[u8]) -> Result<Vec<u8>, String> {
    let text = str::from_utf8(text).map_err(|_| "this is not text".to_owned())?;
    let digits: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let (pairs, []) = digits.as_chunks::<2>() else {
        return Err("an odd number of hexadecimal digits".into());
    };
    let byte = |pair: &[u8; 2]| {
        let pair = str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok()
    };
    pairs
        .iter()
        .map(|pair| byte(pair).ok_or_else(|| "not hexadecimal".to_owned()))
        .collect()
}
