//! The key of an input element's stream of draws.

use sha2::{Digest, Sha256};

/// Key of one stream: a hash of the seed, the input's name and its members along its axes.
///
/// Because nothing else enters, adding an input, a year or an axis member moves no other draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(pub u64);

impl Key {
    /// First eight bytes of SHA-256 over the seed and the length-prefixed names.
    pub fn new(seed: u64, name: &str, members: &[&str]) -> Key {
        let mut hash = Sha256::new();
        hash.update(seed.to_le_bytes());
        for part in std::iter::once(&name).chain(members) {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let digest = hash.finalize();
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        Key(u64::from_le_bytes(first))
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn name_member_and_seed_all_count() {
        let keys = [
            Key::new(1, "impact", &["cancer"]),
            Key::new(2, "impact", &["cancer"]),
            Key::new(1, "impact", &["funding"]),
            Key::new(1, "impactcancer", &[]),
            Key::new(1, "impact", &[]),
        ];
        for (i, a) in keys.iter().enumerate() {
            assert!(keys[i + 1..].iter().all(|b| a != b));
        }
    }
}
