//! What a group of digits in a dump stands for.

/// How a group of digits stands for bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// Two hexadecimal digits for each byte, as many as there are.
    Hex,
    /// A number of `size` bytes.
    Number { base: Base, size: u8, order: Order },
    /// A character or an escape in four columns each (`od -c`, `hexdump -c`).
    Chars,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    Hex,
    Octal,
    Decimal,
    Binary,
}

/// Which byte of a number comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

/// Every unit, the likelier ones first.
pub(super) const UNITS: [Unit; 14] = [
    Unit::Hex,
    Unit::number(Base::Hex, 2, Order::Little),
    Unit::number(Base::Hex, 4, Order::Little),
    Unit::number(Base::Hex, 8, Order::Little),
    Unit::number(Base::Octal, 1, Order::Little),
    Unit::number(Base::Octal, 2, Order::Little),
    Unit::number(Base::Octal, 2, Order::Big),
    Unit::number(Base::Octal, 4, Order::Little),
    Unit::number(Base::Decimal, 1, Order::Little),
    Unit::number(Base::Decimal, 2, Order::Little),
    Unit::number(Base::Decimal, 2, Order::Big),
    Unit::number(Base::Decimal, 4, Order::Little),
    Unit::number(Base::Binary, 1, Order::Little),
    Unit::Chars,
];

impl Unit {
    const fn number(base: Base, size: u8, order: Order) -> Self {
        Unit::Number { base, size, order }
    }

    /// Appends the bytes of a group; `None` if it is no such group.
    pub(super) fn decode(self, group: &str, out: &mut Vec<u8>) -> Option<()> {
        match self {
            Unit::Hex => {
                // Some programs put a dash between the halves of a line.
                let halves = group.split_once('-').filter(|_| group.len() == 5);
                let joined = halves.map(|(left, right)| [left, right].concat());
                let group = joined.as_deref().unwrap_or(group);
                let (pairs, []) = group.as_bytes().as_chunks::<2>() else {
                    return None;
                };
                // No program prints more bytes in a group.
                if pairs.is_empty() || pairs.len() > 32 {
                    return None;
                }
                let start = out.len();
                for [high, low] in pairs {
                    match (
                        char::from(*high).to_digit(16),
                        char::from(*low).to_digit(16),
                    ) {
                        (Some(high), Some(low)) => out.push((high << 4 | low) as u8),
                        _ => {
                            out.truncate(start);
                            return None;
                        }
                    }
                }
            }
            Unit::Number { base, size, order } => {
                let number = base.number(group, size)?;
                let bytes = number.to_le_bytes();
                let bytes = &bytes[..usize::from(size)];
                match order {
                    Order::Little => out.extend(bytes),
                    Order::Big => out.extend(bytes.iter().rev()),
                }
            }
            Unit::Chars => return None,
        }
        Some(())
    }

    /// The bytes that a number has.
    pub(super) fn size(self) -> usize {
        match self {
            Unit::Hex | Unit::Chars => 1,
            Unit::Number { size, .. } => size.into(),
        }
    }

    /// How it is called in words.
    pub(super) fn name(self) -> String {
        match self {
            Unit::Hex => "hexadecimal bytes".into(),
            Unit::Chars => "characters".into(),
            Unit::Number { base, size, order } => {
                let base = match base {
                    Base::Hex => "hexadecimal",
                    Base::Octal => "octal",
                    Base::Decimal => "decimal",
                    Base::Binary => "binary",
                };
                let order = match order {
                    Order::Little => "little",
                    Order::Big => "big",
                };
                match size {
                    1 => format!("{base} bytes"),
                    _ => format!("{base} numbers of {size} bytes, {order} end first"),
                }
            }
        }
    }
}

impl Base {
    /// The number that a group stands for, if it is one of this size.
    fn number(self, group: &str, size: u8) -> Option<u64> {
        let bits = 8 * u32::from(size);
        let (digits, negative) = match group.strip_prefix('-') {
            Some(digits) if self == Base::Decimal => (digits, true),
            _ => (group, false),
        };
        if !digits.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return None;
        }
        let (radix, len_fits) = match self {
            // These come in full width.
            Base::Hex => (16, digits.len() == usize::from(size) * 2),
            Base::Octal => (8, digits.len() == bits.div_ceil(3) as usize),
            Base::Decimal => (10, digits.len() <= 20),
            Base::Binary => (2, digits.len() == 8),
        };
        let number = u64::from_str_radix(digits, radix).ok()?;
        let most = u64::MAX >> (64 - bits);
        match negative {
            _ if !len_fits => None,
            true => (number <= most / 2 + 1).then(|| number.wrapping_neg() & most),
            false => (number <= most).then_some(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(unit: Unit, group: &str) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        unit.decode(group, &mut out).map(|()| out)
    }

    #[test]
    fn groups_are_decoded_by_their_unit() {
        for (unit, group, bytes) in [
            (Unit::Hex, "1013aB", Some(&[0x10, 0x13, 0xab][..])),
            (Unit::Hex, "101", None),
            (Unit::Hex, "1x", None),
            (Unit::Hex, "54-05", Some(&[0x54, 0x05])),
            (Unit::Hex, "54-055", None),
            (UNITS[1], "1310", Some(&[0x10, 0x13])),
            (UNITS[1], "13", None),
            (UNITS[4], "377", Some(&[0xff])),
            (UNITS[4], "400", None),
            (UNITS[5], "011420", Some(&[0x10, 0x13])),
            (UNITS[6], "011420", Some(&[0x13, 0x10])),
            (UNITS[8], "255", Some(&[0xff])),
            (UNITS[8], "-112", Some(&[0x90])),
            (UNITS[8], "-129", None),
            (UNITS[8], "256", None),
            (UNITS[9], "4880", Some(&[0x10, 0x13])),
            (UNITS[9], "-1", Some(&[0xff, 0xff])),
        ] {
            assert_eq!(decoded(unit, group).as_deref(), bytes, "{group} {unit:?}");
        }
    }
}
