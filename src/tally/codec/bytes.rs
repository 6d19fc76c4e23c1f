//! Numbers as bytes: whole numbers in as few as they need, f64s in eight, all little-endian.

use std::fmt;

/// Bytes that are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Where reading stopped.
    pub at: usize,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no tally from byte {} on", self.at)
    }
}

impl std::error::Error for Malformed {}

/// Bytes being written.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    pub bytes: Vec<u8>,
}

impl Writer {
    /// Seven bits a byte, the lowest first; all bytes but the last have their highest bit set (LEB128).
    pub fn unsigned(&mut self, value: u128) {
        let mut rest = value;
        while rest >= 0x80 {
            self.bytes.push((rest & 0x7F) as u8 | 0x80);
            rest >>= 7;
        }
        self.bytes.push(rest as u8);
    }

    pub fn count(&mut self, value: u64) {
        self.unsigned(value.into());
    }

    /// 0, −1, 1, −2, … as 0, 1, 2, 3, …
    pub fn signed(&mut self, value: i128) {
        self.unsigned(((value << 1) ^ (value >> 127)) as u128);
    }

    pub fn float(&mut self, value: f64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub fn word(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// 0 for nothing, else 1 and the number.
    pub fn maybe(&mut self, value: Option<u64>) {
        match value {
            None => self.count(0),
            Some(value) => {
                self.count(1);
                self.count(value);
            }
        }
    }
}

/// Bytes being read.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, at: 0 }
    }

    /// Nothing may be left.
    ///
    /// # Errors
    /// When something is.
    pub fn end(&self) -> Result<(), Malformed> {
        if self.at == self.bytes.len() { Ok(()) } else { Err(self.malformed()) }
    }

    pub fn malformed(&self) -> Malformed {
        Malformed { at: self.at }
    }

    /// # Errors
    /// At the end, and for more than 128 bits.
    pub fn unsigned(&mut self) -> Result<u128, Malformed> {
        let mut value = 0u128;
        for shift in (0..).step_by(7) {
            let [byte] = self.take()?;
            let bits = u128::from(byte & 0x7F);
            if shift > 121 && bits >> (128 - shift) != 0 {
                break;
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
            if shift > 120 {
                break;
            }
        }
        Err(self.malformed())
    }

    /// # Errors
    /// At the end, and for more than 64 bits.
    pub fn count(&mut self) -> Result<u64, Malformed> {
        let value = self.unsigned()?;
        u64::try_from(value).map_err(|_| self.malformed())
    }

    /// A number of things that follow, each of a byte at least: bytes that say more are wrong before room is made.
    ///
    /// # Errors
    /// See [`Reader::count`].
    pub fn length(&mut self) -> Result<usize, Malformed> {
        let count = self.count()?;
        match usize::try_from(count) {
            Ok(count) if count <= self.bytes.len() - self.at => Ok(count),
            _ => Err(self.malformed()),
        }
    }

    /// # Errors
    /// See [`Reader::unsigned`].
    pub fn signed(&mut self) -> Result<i128, Malformed> {
        let value = self.unsigned()?;
        Ok((value >> 1) as i128 ^ -((value & 1) as i128))
    }

    /// # Errors
    /// At the end.
    pub fn float(&mut self) -> Result<f64, Malformed> {
        self.take().map(f64::from_le_bytes)
    }

    /// # Errors
    /// At the end.
    pub fn word(&mut self) -> Result<u64, Malformed> {
        self.take().map(u64::from_le_bytes)
    }

    /// # Errors
    /// At the end, and for a mark other than 0 and 1.
    pub fn maybe(&mut self) -> Result<Option<u64>, Malformed> {
        match self.count()? {
            0 => Ok(None),
            1 => self.count().map(Some),
            _ => Err(self.malformed()),
        }
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let found = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<N>());
        let bytes = *found.ok_or(self.malformed())?;
        self.at += N;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(unsigned in any::<u128>(), shift in 0u32..128, signed in any::<i128>(), float in any::<u64>(), maybe in any::<Option<u64>>()) {
            let mut writer = Writer::default();
            writer.unsigned(unsigned >> shift);
            writer.signed(signed >> shift);
            writer.float(f64::from_bits(float));
            writer.maybe(maybe);
            let mut reader = Reader::new(&writer.bytes);
            prop_assert_eq!(reader.unsigned(), Ok(unsigned >> shift));
            prop_assert_eq!(reader.signed(), Ok(signed >> shift));
            prop_assert_eq!(reader.word(), Ok(float));
            prop_assert_eq!(reader.maybe(), Ok(maybe));
            prop_assert_eq!(reader.end(), Ok(()));
        }

        #[test]
        fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let mut reader = Reader::new(&bytes);
            while reader.unsigned().is_ok() && reader.length().is_ok() {}
            prop_assert!(reader.at <= bytes.len());
        }
    }

    #[test]
    fn a_number_of_more_than_128_bits_is_malformed() {
        let mut bytes = vec![0xFF; 18];
        bytes.push(0x03);
        assert_eq!(Reader::new(&bytes).unsigned(), Ok(u128::MAX));
        *bytes.last_mut().unwrap() = 0x07;
        assert!(Reader::new(&bytes).unsigned().is_err());
        assert!(Reader::new(&[0x80; 30]).unsigned().is_err());
    }
}
