//! `tally.bin`: the mergeable state of a set of runs as a file. The format is that of `docs/tally-format.md`.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::{Difference, Header, Identity};
use crate::engine::{Blank, Collected, Layout, Portion};
use crate::scenario::plain;
use crate::tally::{CellTally, Digests, Malformed, NonFinite, Reader, Shape, Writer};

/// First bytes of a file.
pub const MAGIC: &[u8; 8] = b"RISKBAND";
/// Version of the format, behind them.
const FORMAT: u32 = 2;
/// Bytes before the first section.
const START: usize = MAGIC.len() + 4;
/// Bytes of a section's tag and length, and of the checksum behind it.
const LEAD: usize = 4 + 8;
const CHECKSUM: usize = 32;

/// Why a file is no tally that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Another kind of file.
    NoTally,
    /// Of another version of the format.
    Format { found: u32 },
    /// It ends in the middle.
    Truncated { bytes: usize },
    /// The checksum of a section does not fit.
    Corrupted { section: String, from: usize, to: usize },
    /// The checksum fits and the contents make no sense.
    Malformed { section: String, at: usize },
    /// A tally of another simulation.
    Foreign(Difference),
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Flaw::NoTally => write!(f, "it is not a tally of riskband"),
            Flaw::Format { found } => {
                write!(f, "it is of version {found} of the format, and this riskband reads version {FORMAT}")
            }
            Flaw::Truncated { bytes } => write!(f, "it is truncated: it ends after {bytes} bytes"),
            Flaw::Corrupted { section, from, to } => {
                write!(
                    f,
                    "it is corrupted: bytes {from} to {to} (section {section}) do not fit their checksum"
                )
            }
            Flaw::Malformed { section, at } => {
                write!(f, "it makes no sense at byte {at} of section {section}, though its checksum fits")
            }
            Flaw::Foreign(difference) => difference.fmt(f),
        }
    }
}

impl std::error::Error for Flaw {}

impl From<Difference> for Flaw {
    fn from(difference: Difference) -> Flaw {
        Flaw::Foreign(difference)
    }
}

/// Writes a tally file, a cell at a time.
///
/// # Errors
/// Those of `to`.
pub fn write_tally(
    header: &Header,
    shapes: &[Shape],
    collected: &Collected,
    to: &mut dyn Write,
) -> io::Result<()> {
    to.write_all(MAGIC)?;
    to.write_all(&FORMAT.to_le_bytes())?;
    section(to, b"HEAD", |piece| piece(header.text().as_bytes()))?;
    section(to, b"SHAP", |piece| {
        let mut all = Writer::default();
        all.count(shapes.len() as u64);
        shapes.iter().for_each(|shape| shape.write(&mut all));
        piece(&all.bytes);
    })?;
    for portion in &collected.portions {
        section(to, b"PORT", |piece| write_portion(portion, piece))?;
    }
    section(to, b"DONE", |_| {})
}

fn write_portion(portion: &Portion, piece: &mut dyn FnMut(&[u8])) {
    let mut to = Writer::default();
    to.count((!portion.is_empty()).into());
    piece(&to.bytes);
    if portion.is_empty() {
        return;
    }
    portion.tally.write(piece);
    to.bytes.clear();
    portion.refused.iter().for_each(|refused| refused.write(&mut to));
    portion.digests.write(&mut to);
    piece(&to.bytes);
}

/// Tag, length, contents, and the SHA-256 of all three. The contents are asked for twice: their length comes first, and
/// they may be too large to be kept.
fn section(to: &mut dyn Write, tag: &[u8; 4], contents: impl Fn(&mut dyn FnMut(&[u8]))) -> io::Result<()> {
    let mut length = 0;
    contents(&mut |piece| length += piece.len() as u64);
    let lead = [tag.as_slice(), &length.to_le_bytes()].concat();
    to.write_all(&lead)?;
    let mut checksum = Sha256::new_with_prefix(&lead);
    let mut written = Ok(());
    contents(&mut |piece| {
        if written.is_ok() {
            checksum.update(piece);
            written = to.write_all(piece);
        }
    });
    written?;
    to.write_all(&checksum.finalize())
}

/// The contents of a file's sections, each checked, the header read.
#[derive(Clone, Debug)]
pub struct TallyFile<'a> {
    pub header: Header,
    shapes: &'a [u8],
    portions: Vec<&'a [u8]>,
}

impl<'a> TallyFile<'a> {
    /// Checks everything that can be checked without the scenario.
    ///
    /// # Errors
    /// [`Flaw`], but never [`Flaw::Foreign`].
    pub fn read(bytes: &'a [u8]) -> Result<TallyFile<'a>, Flaw> {
        let sections = sections(bytes)?;
        let tags: Vec<&[u8; 4]> = sections.iter().map(|(tag, _)| *tag).collect();
        let malformed = |section: &str| Flaw::Malformed { section: section.into(), at: 0 };
        let [b"HEAD", b"SHAP", between @ .., b"DONE"] = tags.as_slice() else {
            return Err(malformed("list"));
        };
        if between.iter().any(|tag| *tag != b"PORT") {
            return Err(malformed("list"));
        }
        let header = Header::read(sections[0].1).ok_or(malformed("HEAD"))?;
        let portions = sections[2..2 + between.len()].iter().map(|(_, contents)| *contents).collect();
        Ok(TallyFile { header, shapes: sections[1].1, portions })
    }

    /// The header of a file alone: of a large file only its beginning is read.
    ///
    /// # Errors
    /// What the system says.
    pub fn header_of(path: &Path) -> io::Result<Result<Header, Flaw>> {
        plain(&std::fs::metadata(path)?)?;
        let mut file = File::open(path)?;
        let mut bytes = vec![0; START + LEAD];
        let begun = file.read_exact(&mut bytes);
        if begun.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::UnexpectedEof) {
            return Ok(Err(Flaw::Truncated { bytes: 0 }));
        }
        begun?;
        let length = bytes[START + 4..].first_chunk::<8>().map_or(0, |length| u64::from_le_bytes(*length));
        file.take(length.saturating_add(CHECKSUM as u64)).read_to_end(&mut bytes)?;
        // What was read ends with the header; an end of its own makes it whole.
        if bytes.starts_with(MAGIC) {
            section(&mut bytes, b"DONE", |_| {})?;
        }
        let header = |bytes: &[u8]| {
            match sections(bytes)?.first() {
                Some((b"HEAD", contents)) => Header::read(contents),
                _ => None,
            }
            .ok_or(Flaw::Malformed { section: "HEAD".into(), at: 0 })
        };
        Ok(header(&bytes))
    }

    /// Where the bins of its cells lie.
    ///
    /// # Errors
    /// [`Flaw::Malformed`].
    pub fn shapes(&self) -> Result<Vec<Shape>, Flaw> {
        let mut reader = Reader::new(self.shapes);
        let read = |reader: &mut Reader<'_>| {
            let shapes = (0..reader.length()?).map(|_| Shape::read(reader)).collect::<Result<_, _>>()?;
            reader.end().map(|()| shapes)
        };
        read(&mut reader)
            .map_err(|malformed: Malformed| Flaw::Malformed { section: "SHAP".into(), at: malformed.at })
    }

    /// What the file knows of its runs, as a part of the simulation `identity`; the number of runs may be another.
    ///
    /// # Errors
    /// [`Flaw::Foreign`] and [`Flaw::Malformed`].
    pub fn collected(
        &self,
        identity: &Identity,
        layout: Layout,
        blank: &Blank<'_>,
    ) -> Result<Collected, Flaw> {
        if let Some(difference) = identity.difference_but_runs(&self.header.identity) {
            return Err(difference.into());
        }
        let mut collected = Collected::empty(layout);
        if collected.portions.len() != self.portions.len() {
            return Err(Flaw::Malformed { section: "list".into(), at: 0 });
        }
        for (number, (portion, contents)) in collected.portions.iter_mut().zip(&self.portions).enumerate() {
            let mut reader = Reader::new(contents);
            read_portion(portion, &mut reader, blank).map_err(|malformed| Flaw::Malformed {
                section: format!("PORT {number}"),
                at: malformed.at,
            })?;
        }
        collected.runs = self.header.computed.clone();
        // Every cell has seen each of the runs once: else the contents are not what the header says.
        for (number, portion) in (0..).zip(&collected.portions) {
            let runs = collected.runs.within(layout.start(number)..layout.start(number + 1)).count();
            let fits = |cell: &CellTally| cell.count().checked_add(cell.non_finite.count) == Some(runs);
            if !(portion.tally.cells.iter().all(fits) && portion.is_empty() == (runs == 0)) {
                return Err(Flaw::Malformed { section: format!("PORT {number}"), at: 0 });
            }
        }
        Ok(collected)
    }
}

fn read_portion(portion: &mut Portion, from: &mut Reader<'_>, blank: &Blank<'_>) -> Result<(), Malformed> {
    match from.count()? {
        0 => return from.end(),
        1 => {}
        _ => return Err(from.malformed()),
    }
    portion.tally = blank.tally();
    portion.tally.read(from)?;
    portion.refused = (0..blank.draws()).map(|_| NonFinite::read(from)).collect::<Result<_, _>>()?;
    let digests = Digests::read(from)?;
    if digests.length() != portion.digests.length() {
        return Err(from.malformed());
    }
    portion.digests = digests;
    from.end()
}

/// Tag and contents of a section.
type Section<'a> = (&'a [u8; 4], &'a [u8]);

/// The sections of a file, their checksums fitting.
fn sections(bytes: &[u8]) -> Result<Vec<Section<'_>>, Flaw> {
    let truncated = || Flaw::Truncated { bytes: bytes.len() };
    if !bytes.starts_with(MAGIC) {
        let cut = bytes.len() < MAGIC.len() && MAGIC.starts_with(bytes) && !bytes.is_empty();
        return Err(if cut { truncated() } else { Flaw::NoTally });
    }
    let format = bytes[MAGIC.len()..].first_chunk::<4>().ok_or_else(truncated)?;
    let found = u32::from_le_bytes(*format);
    if found != FORMAT {
        return Err(Flaw::Format { found });
    }
    let mut sections = Vec::new();
    let mut at = START;
    loop {
        let rest = &bytes[at..];
        let tag = rest.first_chunk::<4>().ok_or_else(truncated)?;
        let length = rest[4..].first_chunk::<8>().ok_or_else(truncated)?;
        let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let end = LEAD.checked_add(length).filter(|end| end.saturating_add(CHECKSUM) <= rest.len());
        // A length that leads beyond the end: cut off, or a damaged length. Both are told alike.
        let end = end.ok_or_else(truncated)?;
        if Sha256::digest(&rest[..end])[..] != rest[end..end + CHECKSUM] {
            let section = String::from_utf8_lossy(tag).into_owned();
            return Err(Flaw::Corrupted { section, from: at, to: at + end + CHECKSUM });
        }
        sections.push((tag, &rest[LEAD..end]));
        at += end + CHECKSUM;
        if tag == b"DONE" {
            break;
        }
    }
    if at != bytes.len() {
        return Err(Flaw::Corrupted { section: "after the end".into(), from: at, to: bytes.len() });
    }
    Ok(sections)
}
