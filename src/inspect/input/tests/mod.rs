//! Texts, and the bytes that they are read as.

mod forms;
mod posted;

use super::*;

#[track_caller]
fn reading(text: &str) -> Reading {
    read(text.as_bytes(), None).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[track_caller]
fn bytes(text: &str) -> Vec<u8> {
    let blocks = reading(text).blocks;
    blocks.into_iter().flat_map(|block| block.bytes).collect()
}

#[test]
fn prose_is_no_dump() {
    for text in [
        "",
        " \n",
        "hello world",
        "Connection refused, return code 5",
        "{}",
        "-",
        "é",
    ] {
        let error = read(text.as_bytes(), None).unwrap_err().to_string();
        assert!(error.contains("bytes") && !error.contains('\n'), "{error}");
    }
}

#[test]
fn the_given_form_is_taken() {
    let read =
        |form| super::read(b"10 12", Some(form)).map(|reading| reading.blocks[0].bytes.clone());
    assert_eq!(read(Form::Hex), Ok(vec![0x10, 0x12]));
    assert_eq!(read(Form::Decimal), Ok(vec![10, 12]));
    assert_eq!(read(Form::Octal), Ok(vec![8, 10]));
    assert_eq!(read(Form::Raw), Ok(b"10 12".to_vec()));
    let error = read(Form::Escaped).unwrap_err().to_string();
    assert!(
        error.contains("escaped") && error.contains("'10 12'"),
        "{error}"
    );
}

#[test]
fn doubts_are_told() {
    let doubts = reading("Answer: 20 02 00 00").doubts;
    assert_eq!(doubts, ["left out what is no byte: 'Answer'"]);
    assert_eq!(reading("20 02 00 00").doubts, [""; 0]);
    let cut = reading("<Buffer 30 80 01 00 01 61 ... 121 more bytes>");
    assert_eq!(cut.doubts, ["121 bytes were left out when it was printed"]);
    assert_eq!(cut.blocks[0].bytes, [0x30, 0x80, 1, 0, 1, 0x61]);
}

#[test]
fn sides_of_a_conversation_are_kept_apart() {
    let hex = "00000000  c0 00                                              ..\n    \
               00000000  d0 00                                              ..\n\
               00000002  e0 00                                              ..\n";
    let arrays = "char peer0_0[] = { /* Packet 4 */\n0xc0, 0x00 };\n\
                  char peer1_0[] = { /* Packet 5 */\n0xd0, 0x00 };\n\
                  char peer0_1[] = { /* Packet 6 */\n0xe0, 0x00 };\n";
    for text in [hex, arrays] {
        let sides: Vec<_> = reading(text)
            .blocks
            .into_iter()
            .map(|block| (block.direction, block.bytes[0]))
            .collect();
        let (up, down) = (Direction::ToServer, Direction::ToClient);
        assert_eq!(sides, [(up, 0xc0), (down, 0xd0), (up, 0xe0)], "{text}");
    }
}

#[test]
fn repeated_and_missing_lines_are_counted() {
    let repeated = "00000000  30 40 00 01 61 00 00 00  00 00 00 00 00 00 00 00  |0@..a...........|\n\
                    00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\n\
                    00000042\n";
    assert_eq!(bytes(repeated).len(), 0x42);
    let missing = "00000000  30 46 00 01 61 00 00 00  00 00 00 00 00 00 00 00\n\
                   00000020  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00\n\
                   00000030  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00\n\
                   00000040  00 00\n";
    let reading = reading(missing);
    let gaps: Vec<_> = reading
        .blocks
        .iter()
        .map(|b| (b.gap, b.bytes.len()))
        .collect();
    assert_eq!(gaps, [(0, 16), (16, 34)]);
    assert!(
        reading.doubts[0].contains("bytes missing: 16"),
        "{:?}",
        reading.doubts
    );
}

#[test]
fn a_dump_may_stand_at_the_end_of_all_addresses() {
    assert_eq!(bytes("ffffffffffffffff: c0 00"), [0xc0, 0]);
}

#[test]
fn a_dump_that_claims_to_be_endless_is_refused() {
    let text = "00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00\n\
                00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00\n*\nffffffffffff\n";
    assert!(read(text.as_bytes(), Some(Form::Dump)).is_err());
}
