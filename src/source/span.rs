//! Byte ranges of a text, and the lines and columns that people count.

use std::ops::Range;

/// A range of bytes in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte, from zero.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of a byte range. Texts are at most 4 GiB, far above every limit of size.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: narrow(start), end: narrow(end.max(start)) }
    }

    /// The range of bytes.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Number of bytes.
    #[must_use]
    pub const fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether it holds no byte.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// Where each line of a text begins.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// In ASCII a byte is a column, and nothing is counted.
    ascii: bool,
}

impl LineIndex {
    /// Indexes a text; lines end at LF, and a CR before it belongs to the line's end.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| Span::new(at + 1, at + 1).start),
        );
        Self { starts, ascii: text.is_ascii() }
    }

    /// Line and column of a byte, both from 1; the column counts Unicode scalar values.
    #[must_use]
    pub fn line_column(&self, text: &str, offset: usize) -> (usize, usize) {
        let offset = offset.min(text.len());
        let line = self.starts.partition_point(|start| *start as usize <= offset).max(1);
        let start = self.starts[line - 1] as usize;
        if self.ascii {
            return (line, offset - start + 1);
        }
        let before = text.as_bytes().get(start..offset).unwrap_or_default();
        // Bytes that continue a scalar value (10xxxxxx) do not count.
        (line, before.iter().filter(|byte| (**byte & 0xC0) != 0x80).count() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_scalar_values_and_crlf_ends_lines() {
        let text = "é: x\r\n日本: y\n";
        let index = LineIndex::new(text);
        assert_eq!(index.line_column(text, 0), (1, 1));
        assert_eq!(index.line_column(text, text.find('x').unwrap()), (1, 4));
        assert_eq!(index.line_column(text, text.find('y').unwrap()), (2, 5));
        assert_eq!(index.line_column(text, text.len()), (3, 1));
    }
}
