import JSONLines

/// A kind of source, read as a stream, a block of whole records at a time.
protocol RowSource: AnyObject {
  /// Finds where the next records begin and end. One thread at a time does this; the readers do the rest side by side.
  /// - Returns: false where there is nothing left. A block may have no records.
  /// - Throws: `InputError`, `RecipeError`.
  func read(into block: SourceBlock) throws -> Bool
  /// A reader for what this source finds; each thread has its own.
  func makeReader() -> any RowReader
  /// Bytes read so far.
  var bytesRead: Int { get }
}

/// Makes rows of records.
protocol RowReader: AnyObject {
  /// Fills `row` with a record, or says what is wrong with the record. The row points into the block and is valid as long
  /// as the block is; its storage is used again for the next record.
  func read(_ record: SourceBlock.Record, of block: SourceBlock, into row: inout SourceRow) -> SourceFault?
}

/// Records of a source and the bytes that they stand in.
final class SourceBlock {
  struct Record {
    enum Place {
      /// In ``SourceBlock/lines``.
      case lines
      /// In ``SourceBlock/gathered``.
      case gathered
      /// The record cannot be read: its range begins with the index of the fault in ``SourceBlock/faults``.
      case faults
    }

    var range: Range<Int>
    var place = Place.lines
    /// In the source, from 1: where the record begins.
    var line: Int
    /// The index of its first cell.
    var cells = 0
    /// Which element of an array it is, from 1, where others stand on the same line; 0 elsewhere.
    var element = 0
  }

  let lines = LineBlock()
  /// Records that do not stand in `lines` in one piece, each with a newline behind it.
  var gathered = TextBuffer(capacity: 0)
  var records: [Record] = []
  /// The wanted cells of all records of a table.
  var cells: [SourceRow.Cell] = []
  var faults: [SourceFault] = []
  /// Lines with nothing on them, which make no request.
  var blankLines = 0

  func clear() {
    lines.clear()
    gathered.clear()
    records.removeAll(keepingCapacity: true)
    cells.removeAll(keepingCapacity: true)
    faults.removeAll()
    blankLines = 0
  }

  func add(_ fault: SourceFault) {
    records.append(Record(range: faults.count..<faults.count, place: .faults, line: fault.line))
    faults.append(fault)
  }

  /// Adds what was appended to `gathered` from an index on.
  func addGathered(from start: Int, line: Int) {
    records.append(Record(range: start..<gathered.count, place: .gathered, line: line))
    gathered.append(ASCII.newline)
  }

  /// The record's bytes.
  func bytes(of record: Record) -> PaddedBytes {
    (record.place == .gathered ? gathered.lines : lines.bytes).part(record.range)
  }
}

extension LineReader {
  func fill(_ block: SourceBlock) throws(InputError) -> Bool {
    try fill(block.lines)
  }
}
