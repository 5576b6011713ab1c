//! Bytes as people post them: out of logs, terminals, debuggers and source code.

use super::*;

#[test]
fn what_people_post_is_read() {
    for (text, expected) in [
        // Digits alone, one byte a line, letters among the digits, comments.
        ("0x20 0x2 0x1 0x5", &[0x20, 2, 1, 5][..]),
        ("[20]\n[02]\n[00]\n[00]", &[0x20, 2, 0, 0]),
        (
            "0x10,0x0c,0x00,0x04,M,Q,T,T,0x04,0x02,0x00,0x3c,0x00,0x00",
            b"\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0",
        ),
        (
            "10 0c 00 04 M Q T T 04 02 00 3c 00 00",
            b"\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0",
        ),
        (
            "10 0c 00 04 MQTT 04 02 00 3c 00 00",
            b"\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0",
        ),
        (
            "byte p[] = {0x10, 12, /* 12 bytes */ 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 0}; // 1, 2",
            b"\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0",
        ),
        (
            "uint8_t p[14] = {0x10, 0x0c, 0, 4, \"MQTT\", 4, 2, 0, 60, 0, 0};",
            b"\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0",
        ),
        (
            "Sent: 10 0C 00 04 4D 51 54 54 04 02 00 3C 00 00\nReceived: 20 02 00 00",
            b"\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0\x20\x02\0\0",
        ),
        ("20 82 00 00 00", &[0x20, 0x82, 0, 0, 0]),
        ("0x30,0x05,0x00,0x03,t,/,#", b"\x30\x05\0\x03t/#"),
        ("> 20 02\n> 00 00", &[0x20, 2, 0, 0]),
        ("```\n20 02 00 00\n```", &[0x20, 2, 0, 0]),
        ("0x320c0004746573740068656c6c6f", b"2\x0c\0\x04test\0hello"),
        ("x'c000'", &[0xc0, 0]),
        ("[\"0xc0\", \"0x00\"]", &[0xc0, 0]),
        (
            r"\x10\x0c\x00\x04MQTT\x04\x02\x00<\x00\x00",
            b"\x10\x0c\0\x04MQTT\x04\x02\0<\0\0",
        ),
        ("c0 00\r\nd0 00\r\n", &[0xc0, 0, 0xd0, 0]),
    ] {
        assert!(bytes(text) == expected, "{:?}\n{text}", reading(text));
    }
}

/// A CONNECT of 23 bytes, as programs print it on two lines.
const CONNECT: &[u8] = b"\x10\x15\0\x04MQTT\x04\x02\0\x3c\0\x09sensor-17";

#[test]
fn bytes_beside_other_things_are_read() {
    for text in [
        // Times, of a serial monitor and of loggers.
        "13:37:00.100 -> 10 15 00 04 4D 51 54 54 04 02 00 3C 00 09 73 65\n\
         13:37:00.104 -> 6E 73 6F 72 2D 31 37\n",
        "[2026-11-22 13:37:00,123] 1015 0004 4d51 5454 0402 003c 0009 7365\n\
         [2026-11-22 13:37:00,123] 6e73 6f72 2d31 37",
        "I (4711) mqtt: 0x3ffb4a80   10 15 00 04 4d 51 54 54  04 02 00 3c 00 09 73 65  |....MQTT...<..se|\n\
         I (4711) mqtt: 0x3ffb4a90   6e 73 6f 72 2d 31 37                              |nsor-17|",
        // Line numbers.
        " 1  10 15 00 04 4d 51 54 54\n 2  04 02 00 3c 00 09 73 65\n 3  6e 73 6f 72 2d 31 37",
        // nc -o, socat -x -v, openssl s_client -debug, WinDbg.
        "> 00000000 10 15 00 04 4d 51 54 54 04 02 00 3c 00 09 73 65 # ....MQTT...<..se\n\
         > 00000010 6e 73 6f 72 2d 31 37                            # nsor-17\n",
        "> 2026/11/22 13:37:00.000123456  length=23 from=0 to=22\n\
         \x2010 15 00 04 4d 51 54 54 04 02 00 3c 00 09 73 65  ....MQTT...<..se\n\
         \x206e 73 6f 72 2d 31 37                             nsor-17\n--\n",
        "write to 0x5581 [0x5582] (23 bytes => 23 (0x17))\n\
         0000 - 10 15 00 04 4d 51 54 54-04 02 00 3c 00 09 73 65   ....MQTT...<..se\n\
         0010 - 6e 73 6f 72 2d 31 37                              nsor-17\n",
        "00000000`0012e000  10 15 00 04 4d 51 54 54-04 02 00 3c 00 09 73 65  ....MQTT...<..se\n\
         00000000`0012e010  6e 73 6f 72 2d 31 37                             nsor-17\n",
        // Strings of Python, Perl, Lua and PostgreSQL.
        "bytes.fromhex('101500044d5154540402003c000973656e736f722d3137')",
        "bytes.fromhex(\"1015 0004 4d51 5454 0402 003c 0009 7365 6e73 6f72 2d31 37\")",
        r#""\x{10}\x{15}\x{0}\x{4}MQTT\x{4}\x{2}\x{0}<\x{0}\x{9}sensor-17""#,
        r#""\16\21\0\4MQTT\4\2\0\60\0\009sensor\04517""#,
        r"\x101500044d5154540402003c000973656e736f722d3137",
        // Base64 in JSON, and a typed array as browsers show it.
        "{\"topic\": \"a\", \"data\": \"EBUABE1RVFQEAgA8AAlzZW5zb3ItMTc=\"}",
        "Uint8Array(23) [16, 21, 0, 4, 77, 81, 84, 84, 4, 2, 0, 60, 0, 9, 115, 101, 110, 115, 111, \
         114, 45, 49, 55, buffer: ArrayBuffer(23), byteLength: 23, byteOffset: 0, length: 23]",
    ] {
        assert!(bytes(text) == CONNECT, "{:?}\n{text}", reading(text));
    }
}

#[test]
fn names_beside_bytes_are_no_text() {
    // `toByte` is as long as the Client Identifier should be.
    let text = "byteArrayOf(0x10.toByte(), 0x12.toByte(), 0x00.toByte(), 0x04.toByte(), 0x4d.toByte(), \
                0x51.toByte(), 0x54.toByte(), 0x54.toByte(), 0x04.toByte(), 0x02.toByte(), \
                0x00.toByte(), 0x3c.toByte(), 0x00.toByte(), 0x06.toByte(), 0x61.toByte())";
    assert_eq!(bytes(text), b"\x10\x12\0\x04MQTT\x04\x02\0\x3c\0\x06a");
    let text = "Nov 22 13:37:00 host mqttd[1234]: rx 40 02 00 05";
    assert_eq!(bytes(text), [0x40, 2, 0, 5]);
}
