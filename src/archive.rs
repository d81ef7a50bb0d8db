//! Folders and tar archives as one thing: members that are visited in order, each read as a stream.
//!
//! Nothing is unpacked and no path of an archive is ever opened. Memory is bounded by the reader's own buffers.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// Most members that are visited.
pub const MAX_MEMBERS: usize = 100_000;
/// Bytes that may come out of a decompressor whatever went in.
pub const FREE_BYTES: u64 = 256 << 20;
/// How many times as much may come out of a decompressor as went in, beyond [`FREE_BYTES`].
pub const MAX_RATIO: u64 = 200;

/// How bytes are compressed, by their first ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Not, or in a way that is not known.
    None,
    /// gzip ([RFC 1952](https://www.rfc-editor.org/rfc/rfc1952)).
    Gzip,
    /// Zstandard ([RFC 8878](https://www.rfc-editor.org/rfc/rfc8878)).
    Zstd,
}

impl Compression {
    /// The compression that the first bytes tell.
    #[must_use]
    pub fn of(head: &[u8]) -> Self {
        // Zstandard has skippable frames, 0x184D2A50 to 0x184D2A5F, that may come first.
        let skippable = head.get(1..4) == Some(&[0x2A, 0x4D, 0x18]) && head[0] & 0xF0 == 0x50;
        if head.starts_with(&[0x1F, 0x8B]) {
            Self::Gzip
        } else if head.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) || skippable {
            Self::Zstd
        } else {
            Self::None
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "not compressed",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// Whether the first bytes are those of a tar archive: a header whose checksum is right.
#[must_use]
pub fn is_tar(head: &[u8]) -> bool {
    let Some(header) = head.get(..512) else { return false };
    let written = header[148..156].iter().skip_while(|byte| **byte == b' ').take_while(|byte| byte.is_ascii_digit());
    let written = written.fold(0_u32, |sum, digit| sum.wrapping_mul(8).wrapping_add(u32::from(digit - b'0')));
    let counted: u32 =
        header.iter().enumerate().map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) }).sum();
    header[0] != 0 && counted == written
}

/// A folder or an archive.
#[derive(Debug, Clone)]
pub struct Container {
    path: PathBuf,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Folder,
    Tar(Compression),
}

/// A member of a folder or archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its path with `/`, without `./` at the start.
    pub path: String,
    /// Bytes of its content, as its header says.
    pub size: u64,
    /// What it is.
    pub kind: Kind,
}

/// What a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A plain file.
    File,
    /// A folder.
    Folder,
    /// A link, a device, a sparse file: what has no content of its own here.
    Other,
}

impl Container {
    /// A folder.
    #[must_use]
    pub fn folder(path: &Path) -> Self {
        Self { path: path.to_owned(), form: Form::Folder }
    }

    /// The archive that a file is: tar, also compressed by gzip or zstd; `None` when it is none.
    ///
    /// # Errors
    ///
    /// When the file can not be read.
    pub fn of_file(path: &Path) -> io::Result<Option<Self>> {
        let head = head(File::open(path)?)?;
        let compression = Compression::of(&head);
        let tar = match compression {
            Compression::None => is_tar(&head),
            // What is compressed may only be a tar; when it is none, reading says so.
            _ => true,
        };
        Ok(tar.then(|| Self { path: path.to_owned(), form: Form::Tar(compression) }))
    }

    /// The path of the folder or file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Visits every member in the order of the archive; of a folder, sorted.
    ///
    /// # Errors
    ///
    /// When it can not be read, has more than [`MAX_MEMBERS`], grows beyond all proportion, or when `visit` fails.
    pub fn visit(&self, visit: &mut dyn FnMut(&Member, &mut dyn Read) -> io::Result<()>) -> io::Result<()> {
        match self.form {
            Form::Folder => self.visit_folder(visit),
            Form::Tar(compression) => {
                let file = BufReader::with_capacity(1 << 16, File::open(&self.path)?);
                let mut entries = 0;
                let mut archive = tar::Archive::new(decompressed(file, compression));
                for entry in archive.entries()? {
                    let mut entry = entry?;
                    entries += 1;
                    if entries > MAX_MEMBERS {
                        return Err(too_many());
                    }
                    let kind = match entry.header().entry_type() {
                        tar::EntryType::Directory => Kind::Folder,
                        tar::EntryType::Regular | tar::EntryType::Continuous => Kind::File,
                        _ => Kind::Other,
                    };
                    let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
                    let path = path.trim_start_matches("./").trim_end_matches('/').to_owned();
                    let member = Member { path, size: entry.size(), kind };
                    visit(&member, &mut entry)?;
                }
                Ok(())
            }
        }
    }

    fn visit_folder(&self, visit: &mut dyn FnMut(&Member, &mut dyn Read) -> io::Result<()>) -> io::Result<()> {
        let mut members = 0;
        for entry in walkdir::WalkDir::new(&self.path).min_depth(1).follow_links(false).sort_by_file_name() {
            let entry = entry.map_err(io::Error::from)?;
            members += 1;
            if members > MAX_MEMBERS {
                return Err(too_many());
            }
            let relative = entry.path().strip_prefix(&self.path).unwrap_or(entry.path());
            let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            let path = parts.join("/");
            if entry.file_type().is_file() {
                let size = entry.metadata().map_err(io::Error::from)?.len();
                let mut file = File::open(entry.path())?;
                visit(&Member { path, size, kind: Kind::File }, &mut file)?;
            } else {
                // Neither a link nor a pipe is ever opened.
                let kind = if entry.file_type().is_dir() { Kind::Folder } else { Kind::Other };
                visit(&Member { path, size: 0, kind }, &mut io::empty())?;
            }
        }
        Ok(())
    }
}

/// Whether a folder has a file of this name.
#[must_use]
pub fn has_file(folder: &Path, name: &str) -> bool {
    fs::symlink_metadata(folder.join(name)).is_ok_and(|metadata| metadata.is_file())
}

fn too_many() -> io::Error {
    io::Error::other(format!("more than {MAX_MEMBERS} members"))
}

/// The first 512 bytes, or as many as there are.
fn head(mut reader: impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(512);
    reader.by_ref().take(512).read_to_end(&mut head)?;
    Ok(head)
}

/// What comes out of a decompressor, bounded in its proportion to what goes in; reading fails when the bytes are not
/// what the compression demands, or grow beyond the bound.
pub fn decompressed<'r>(reader: impl Read + 'r, compression: Compression) -> Box<dyn Read + 'r> {
    bounded(reader, compression, FREE_BYTES)
}

fn bounded<'r>(reader: impl Read + 'r, compression: Compression, free: u64) -> Box<dyn Read + 'r> {
    let counted = Counted { reader, count: std::rc::Rc::default() };
    let count = counted.count.clone();
    let inner: Box<dyn Read + 'r> = match compression {
        Compression::None => return Box::new(counted.reader),
        // An archive may be several gzip members, one behind the other.
        Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(BufReader::new(counted))),
        Compression::Zstd => {
            Box::new(Zstd { reader: BufReader::new(counted), decoder: FrameDecoder::new(), within: false })
        }
    };
    Box::new(Bounded { reader: inner, free, came_out: 0, went_in: count })
}

struct Counted<R> {
    reader: R,
    count: std::rc::Rc<std::cell::Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.count.set(self.count.get() + read as u64);
        Ok(read)
    }
}

struct Bounded<'r> {
    reader: Box<dyn Read + 'r>,
    free: u64,
    came_out: u64,
    went_in: std::rc::Rc<std::cell::Cell<u64>>,
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.came_out += read as u64;
        if self.came_out > self.free && self.came_out / MAX_RATIO > self.went_in.get() {
            return Err(io::Error::other(format!("it grows to more than {MAX_RATIO} times its size")));
        }
        Ok(read)
    }
}

/// Zstandard frames, one behind the other; skippable ones are skipped.
struct Zstd<R> {
    reader: R,
    decoder: FrameDecoder,
    /// Whether a frame was begun and is not read to its end.
    within: bool,
}

impl<R: BufRead> Read for Zstd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let invalid = |error: &dyn std::fmt::Display| io::Error::new(io::ErrorKind::InvalidData, error.to_string());
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if self.within {
                while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                    self.decoder
                        .decode_blocks(&mut self.reader, BlockDecodingStrategy::UptoBlocks(1))
                        .map_err(|error| invalid(&error))?;
                }
                let read = self.decoder.read(buffer)?;
                if read > 0 {
                    return Ok(read);
                }
                let (written, counted) =
                    (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum());
                if written.is_some() && written != counted {
                    return Err(invalid(&"the checksum of a zstd frame is wrong"));
                }
                self.within = false;
            }
            if self.reader.fill_buf()?.is_empty() {
                return Ok(0);
            }
            match self.decoder.init(&mut self.reader) {
                Ok(()) => self.within = true,
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    let skipped = io::copy(&mut self.reader.by_ref().take(length.into()), &mut io::sink())?;
                    if skipped < u64::from(length) {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(error) => return Err(invalid(&error)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
    }

    fn read(bytes: &[u8], compression: Compression) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        decompressed(bytes, compression).read_to_end(&mut out)?;
        Ok(out)
    }

    #[test]
    fn members_and_frames_follow_each_other() {
        let two = [gzip(b"one "), gzip(b"two")].concat();
        assert_eq!(Compression::of(&two), Compression::Gzip);
        assert_eq!(read(&two, Compression::Gzip).unwrap(), b"one two");
        let skippable = [0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, b'x', b'y', b'z'];
        let frames = [&skippable[..], &zstd(b"one "), &skippable, &zstd(b"two")].concat();
        assert_eq!(Compression::of(&frames), Compression::Zstd);
        assert_eq!(read(&frames, Compression::Zstd).unwrap(), b"one two");
        assert_eq!(Compression::of(b"PK"), Compression::None);
    }

    #[test]
    fn what_is_cut_or_wrong_is_an_error() {
        let text = b"some text that is long enough to be cut".repeat(10);
        for (whole, compression) in [(gzip(&text), Compression::Gzip), (zstd(&text), Compression::Zstd)] {
            assert_eq!(read(&whole, compression).unwrap(), text);
            for cut in [5, whole.len() / 2, whole.len() - 1] {
                assert!(read(&whole[..cut], compression).is_err(), "{compression:?} {cut}");
            }
            let mut wrong = whole.clone();
            let middle = wrong.len() / 2;
            wrong[middle] ^= 0x55;
            assert!(read(&wrong, compression).is_err(), "{compression:?}");
        }
    }

    #[test]
    fn nothing_grows_without_end() {
        let bomb = gzip(&vec![0; 4 << 20]);
        assert_eq!(read(&bomb, Compression::Gzip).unwrap().len(), 4 << 20, "little is always free");
        let error = io::copy(&mut bounded(&*bomb, Compression::Gzip, 1 << 20), &mut io::sink()).unwrap_err();
        assert!(error.to_string().contains("200 times"), "{error}");
    }

    #[test]
    fn a_tar_is_known_by_its_checksum() {
        let mut builder = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(2);
        header.set_cksum();
        builder.append_data(&mut header, "oci-layout", &b"{}"[..]).unwrap();
        let mut bytes = builder.into_inner().unwrap();
        assert!(is_tar(&bytes));
        bytes[0] ^= 1;
        assert!(!is_tar(&bytes) && !is_tar(&[0; 512]) && !is_tar(b"{}"));
    }
}
