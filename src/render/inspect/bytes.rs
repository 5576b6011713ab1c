//! The bytes of packets in the forms that people and programs want them in.

use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::inspect::BytesForm;
use crate::render::digits::Case;

/// Appends the packet with this number in a form.
pub fn write(out: &mut Vec<u8>, packet: &[u8], form: BytesForm, number: u64) {
    match form {
        BytesForm::Hex => join(out, packet, " ", hex),
        BytesForm::Xxd => return xxd(out, packet),
        BytesForm::C => {
            // A buffer takes everything, here and below.
            let _ = write!(out, "unsigned char packet_{number}[] = {{");
            for line in packet.chunks(12) {
                out.extend_from_slice(b"\n  ");
                join(out, line, ", ", |out, byte| {
                    out.extend_from_slice(b"0x");
                    hex(out, byte);
                });
                out.push(b',');
            }
            out.extend_from_slice(b"\n};");
        }
        BytesForm::Escaped => {
            out.push(b'"');
            join(out, packet, "", |out, byte| {
                out.extend_from_slice(b"\\x");
                hex(out, byte);
            });
            out.push(b'"');
        }
        BytesForm::Decimal => {
            out.push(b'[');
            join(out, packet, ", ", |out, byte| {
                let _ = write!(out, "{byte}");
            });
            out.push(b']');
        }
        BytesForm::Base64 => out.extend_from_slice(STANDARD.encode(packet).as_bytes()),
        BytesForm::Raw => {
            out.extend_from_slice(packet);
            return;
        }
    }
    out.push(b'\n');
}

fn hex(out: &mut Vec<u8>, byte: u8) {
    out.extend_from_slice(&Case::Lower.hex(byte));
}

fn join(out: &mut Vec<u8>, bytes: &[u8], between: &str, item: impl Fn(&mut Vec<u8>, u8)) {
    for (index, &byte) in bytes.iter().enumerate() {
        if index > 0 {
            out.extend_from_slice(between.as_bytes());
        }
        item(out, byte);
    }
}

fn xxd(out: &mut Vec<u8>, packet: &[u8]) {
    for (index, line) in packet.chunks(16).enumerate() {
        let _ = write!(out, "{:08x}: ", index * 16);
        for at in 0..16 {
            match line.get(at) {
                Some(&byte) => hex(out, byte),
                None => out.extend_from_slice(b"  "),
            }
            if at % 2 == 1 {
                out.push(b' ');
            }
        }
        out.push(b' ');
        out.extend(line.iter().map(|&byte| match byte {
            b' '..=b'~' => byte,
            _ => b'.',
        }));
        out.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::input;

    #[test]
    fn every_form_is_read_again() {
        let packet = b"\x10\x13\0\x04MQTT\x05\x02\0\x3c\0\0\x06abc123";
        for form in BytesForm::ALL {
            let mut out = Vec::new();
            write(&mut out, packet, form, 0);
            let reading = input::read(&out, None).expect("bytes");
            assert_eq!(reading.blocks[0].bytes, packet, "{form:?}");
        }
    }
}
