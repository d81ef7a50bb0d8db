//! Streams with one document a line: read in blocks of whole lines, worked on by several threads, taken in order.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::sync::{Condvar, Mutex};
use std::thread;

use super::{Failure, input};
use crate::shape::MAX_JSON_BYTES;
use crate::source::json::Scanner;

/// Bytes of a block, but for a line that is longer.
const BLOCK: usize = 1 << 20;
/// Blocks that may be under way at once for each thread.
const AHEAD: usize = 3;

/// What a path or standard input holds.
pub(super) enum Source {
    /// One document: its bytes, at most one more than may be read.
    One(Vec<u8>),
    /// One document a line.
    Many(Lines),
}

/// A reader of whole lines.
pub(super) struct Lines {
    reader: Box<dyn Read + Send>,
    carry: Vec<u8>,
    at: Start,
    ended: bool,
}

/// Where a block begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    /// Offset in the stream.
    pub offset: usize,
    /// Line, from 1.
    pub line: usize,
    /// Number of documents before it.
    pub document: usize,
}

/// Whole lines of a stream.
pub(super) struct Block {
    /// The lines.
    pub bytes: Vec<u8>,
    /// Where each of them ends, without its line feed.
    ends: Vec<usize>,
    /// Where they begin.
    start: Start,
}

impl Block {
    /// Its documents: index, bytes, offset and line in the stream. Blank lines are none.
    pub(super) fn documents(&self) -> impl Iterator<Item = (usize, &[u8], (usize, usize))> + '_ {
        let (mut from, mut document) = (0, self.start.document);
        self.ends.iter().zip(self.start.line..).filter_map(move |(end, number)| {
            let (line, at) = (&self.bytes[from..*end], self.start.offset + from);
            from = end + 1;
            if is_blank(line) {
                return None;
            }
            document += 1;
            Some((document - 1, line, (at, number)))
        })
    }
}

#[inline]
fn is_blank(line: &[u8]) -> bool {
    line.first().is_none_or(u8::is_ascii_whitespace) && line.iter().all(u8::is_ascii_whitespace)
}

/// The memory of a block, for the bytes and the ends of another one.
type Spare = (Vec<u8>, Vec<usize>);

/// Opens a stream: when its first line is a whole document it has one a line, otherwise it is one document.
pub(super) fn open(path: &Path) -> Result<Source, Failure> {
    let mut reader = input::open(path)?;
    let fail = |error: io::Error| Failure::path(path, &error);
    let mut head = Vec::new();
    let mut ended = false;
    // The first line that is not blank, or as much as a document may have.
    let first = loop {
        if let Some(line) =
            head.split_inclusive(|byte| *byte == b'\n').find(|line| line.ends_with(b"\n") && !is_blank(line))
        {
            break line;
        }
        if ended || head.len() > MAX_JSON_BYTES {
            break head.as_slice();
        }
        ended = fill(&mut *reader, &mut head, BLOCK).map_err(fail)?;
    };
    let whole = std::str::from_utf8(first).is_ok_and(|text| {
        let mut scanner = Scanner::new(text);
        scanner.skip(0).is_ok() && scanner.at_end()
    });
    if whole {
        let at = Start { offset: 0, line: 1, document: 0 };
        return Ok(Source::Many(Lines { reader, carry: head, at, ended }));
    }
    while !ended && head.len() <= MAX_JSON_BYTES {
        ended = fill(&mut *reader, &mut head, BLOCK).map_err(fail)?;
    }
    head.truncate(MAX_JSON_BYTES + 1);
    Ok(Source::One(head))
}

/// Reads up to `more` bytes behind what is there; tells whether the end is reached.
fn fill(reader: &mut dyn Read, into: &mut Vec<u8>, more: usize) -> io::Result<bool> {
    let mut filled = into.len();
    let outcome = fill_behind(reader, into, &mut filled, more);
    into.truncate(filled);
    outcome
}

/// Reads up to `more` bytes behind the first `filled`, whatever stands there; tells whether the end is reached.
fn fill_behind(reader: &mut dyn Read, into: &mut Vec<u8>, filled: &mut usize, more: usize) -> io::Result<bool> {
    let full = *filled + more;
    if into.len() < full {
        into.resize(full, 0);
    }
    while *filled < full {
        match reader.read(&mut into[*filled..full]) {
            Ok(0) => return Ok(true),
            Ok(read) => *filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}

impl Lines {
    /// The next block of whole lines, in memory to use again; a line that is longer than a document may be is cut.
    ///
    /// # Errors
    ///
    /// When the stream can not be read.
    fn next_block(&mut self, (mut bytes, ends): Spare) -> io::Result<Option<Block>> {
        // What stands in the memory from before is overtaken, not cleared.
        let mut filled = self.carry.len();
        if bytes.len() < filled {
            bytes.resize(filled, 0);
        }
        bytes[..filled].copy_from_slice(&self.carry);
        self.carry.clear();
        let end = loop {
            if !self.ended && filled < BLOCK {
                let more = BLOCK - filled;
                self.ended = fill_behind(&mut *self.reader, &mut bytes, &mut filled, more)?;
            }
            if self.ended {
                break filled;
            }
            if let Some(end) = memchr::memrchr(b'\n', &bytes[..filled]) {
                break end + 1;
            }
            if filled > MAX_JSON_BYTES {
                bytes.truncate(filled);
                return self.cut(bytes).map(Some);
            }
            self.ended = fill_behind(&mut *self.reader, &mut bytes, &mut filled, BLOCK)?;
        };
        if filled == 0 {
            return Ok(None);
        }
        self.carry.extend_from_slice(&bytes[end..filled]);
        bytes.truncate(end);
        let mut block = Block { bytes, ends, start: self.at };
        self.advance(&mut block);
        Ok(Some(block))
    }

    /// Finds the lines of a block, and where the next one begins.
    fn advance(&mut self, block: &mut Block) {
        let Block { bytes, ends, .. } = block;
        ends.clear();
        ends.extend(memchr::memchr_iter(b'\n', bytes));
        if bytes.last() != Some(&b'\n') {
            ends.push(bytes.len());
        }
        let mut from = 0;
        for end in ends {
            self.at.document += usize::from(!is_blank(&bytes[from..*end]));
            self.at.line += 1;
            from = *end + 1;
        }
        self.at.offset += bytes.len();
    }

    /// A line without end in sight: its beginning is kept, so that it can be refused, and the rest is passed over.
    fn cut(&mut self, mut bytes: Vec<u8>) -> io::Result<Block> {
        let start = self.at;
        self.at.offset += bytes.len();
        bytes.truncate(MAX_JSON_BYTES + 1);
        let mut passed = Vec::with_capacity(BLOCK);
        loop {
            passed.clear();
            self.ended = fill(&mut *self.reader, &mut passed, BLOCK)?;
            if let Some(end) = memchr::memchr(b'\n', &passed) {
                self.at.offset += end + 1;
                self.carry.extend_from_slice(&passed[end + 1..]);
                break;
            }
            self.at.offset += passed.len();
            if self.ended {
                break;
            }
        }
        self.at.line += 1;
        self.at.document += 1;
        Ok(Block { ends: vec![bytes.len()], bytes, start })
    }
}

/// Works on the blocks of a stream with several threads and takes what they give, in the order of the stream.
///
/// Memory stays bounded: only a few blocks are under way at once.
pub(super) fn in_order<R: Send>(
    lines: Lines,
    path: &Path,
    work: impl Fn(&Block) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(8);
    let reader = Mutex::new((lines, 0_usize));
    let taken = (Mutex::new(0_usize), Condvar::new());
    let (send, receive) = sync_channel::<(usize, io::Result<R>)>(threads * AHEAD);
    thread::scope(|scope| {
        for _ in 0..threads {
            let (send, reader, taken, work) = (send.clone(), &reader, &taken, &work);
            scope.spawn(move || {
                let mut spare = Spare::default();
                loop {
                    let (sequence, block) = {
                        let Ok(mut reader) = reader.lock() else { return };
                        let block = reader.0.next_block(std::mem::take(&mut spare));
                        reader.1 += 1;
                        (reader.1 - 1, block)
                    };
                    let result = match block {
                        Ok(None) => return,
                        Err(error) => Err(error),
                        Ok(Some(block)) => {
                            let result = work(&block);
                            spare = (block.bytes, block.ends);
                            Ok(result)
                        }
                    };
                    let failed = result.is_err();
                    if send.send((sequence, result)).is_err() || failed {
                        return;
                    }
                    // Wait until the taker has caught up.
                    let Ok(done) = taken.0.lock() else { return };
                    drop(taken.1.wait_while(done, |done| sequence >= *done + threads * AHEAD));
                }
            });
        }
        drop(send);
        let mut early = BTreeMap::new();
        let mut next = 0;
        let mut outcome = Ok(());
        for (sequence, result) in receive {
            early.insert(sequence, result);
            while let Some(result) = early.remove(&next) {
                match result {
                    Ok(result) if outcome.is_ok() => outcome = take(result),
                    Err(error) if outcome.is_ok() => outcome = Err(Failure::path(path, &error)),
                    _ => {}
                }
                next += 1;
            }
            if let Ok(mut done) = taken.0.lock() {
                // Whoever waits must not wait for ever once taking has failed.
                *done = if outcome.is_ok() { next } else { usize::MAX / 2 };
            }
            taken.1.notify_all();
            if outcome.is_err() {
                break;
            }
        }
        outcome
    })
}
