//! Numbers onto a byte buffer, without the machinery of `fmt`.

/// Appends a number in decimal.
pub(super) fn decimal(out: &mut Vec<u8>, number: u64) {
    zero_padded(out, number, 1);
}

/// Appends a number in decimal, with zeros in front to at least `width` digits (at most 20).
pub(super) fn zero_padded(out: &mut Vec<u8>, mut number: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let mut first = digits.len();
    while number > 0 {
        first -= 1;
        digits[first] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    let first = first.min(digits.len().saturating_sub(width));
    out.extend_from_slice(&digits[first..]);
}

/// The digits of hexadecimal numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Lower,
    Upper,
}

impl Case {
    /// The two digits of a byte.
    pub(super) fn hex(self, byte: u8) -> [u8; 2] {
        let digits = match self {
            Self::Lower => b"0123456789abcdef",
            Self::Upper => b"0123456789ABCDEF",
        };
        [
            digits[usize::from(byte >> 4)],
            digits[usize::from(byte & 15)],
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_those_of_fmt() {
        for number in [0, 7, 10, 65_535, u64::from(u32::MAX), u64::MAX] {
            let mut out = Vec::new();
            decimal(&mut out, number);
            assert_eq!(out, number.to_string().into_bytes());
        }
    }

    #[test]
    fn zeros_fill_the_width_and_no_more() {
        let mut out = Vec::new();
        zero_padded(&mut out, 42, 6);
        out.push(b' ');
        zero_padded(&mut out, 1234, 2);
        assert_eq!(out, b"000042 1234");
    }

    #[test]
    fn bytes_have_two_hexadecimal_digits() {
        assert_eq!(Case::Lower.hex(0x0a), *b"0a");
        assert_eq!(Case::Upper.hex(0xfe), *b"FE");
    }
}
