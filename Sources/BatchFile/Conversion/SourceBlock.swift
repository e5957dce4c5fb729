import JSONLines

/// A source of records, read as a stream, one block of whole records at a time.
protocol RowSource: AnyObject {
  /// Finds where the next records begin and end. Only one thread at a time does this; what takes longer is left to the
  /// readers, of which each thread has one.
  /// - Returns: false where no bytes are left. A block may have no records.
  /// - Throws: `InputError`, or `RecipeError` where a template names a column that the source does not have.
  func read(into block: SourceBlock) throws -> Bool
  /// Makes a reader for the records of this source.
  func makeReader() -> any RowReader
  /// How many bytes were read so far.
  var bytesRead: Int { get }
}

/// Makes rows from records.
protocol RowReader: AnyObject {
  /// Fills `row` with a record. The row points into the block, so it is valid only as long as the block, and its
  /// storage is used again for the next record.
  /// - Returns: what is wrong with the record; nil where the row was filled.
  func read(_ record: SourceBlock.Record, of block: SourceBlock, into row: inout SourceRow) -> SourceFault?
}

/// Some records of a source and the bytes that hold them.
final class SourceBlock {
  struct Record {
    /// Where the record's bytes are.
    enum Place {
      /// In ``SourceBlock/lines``.
      case lines
      /// In ``SourceBlock/gathered``.
      case gathered
      /// Nowhere, because the record cannot be read. The lower bound of its range is the index of the fault in
      /// ``SourceBlock/faults``.
      case faults
    }

    var range: Range<Int>
    var place = Place.lines
    /// The line of the source on which the record begins, from 1.
    var line: Int
    /// For a table: the index of the record's first cell in ``SourceBlock/cells``.
    var cells = 0
    /// The record's number in its array, from 1, where the array has several elements on that line; otherwise 0.
    var element = 0
  }

  let lines = LineBlock()
  /// What `lines` holds, noted once it is filled. `lines` itself, a class of another module, would be checked for
  /// exclusive access for each record.
  private var text = PaddedBytes(base: UnsafeRawPointer(bitPattern: 64)!, count: 0)
  /// The bytes of records that are not in one piece in `lines`, each with a newline after it.
  var gathered = TextBuffer(capacity: 0)
  var records: [Record] = []
  /// For a table: the cells that the templates use, of all records.
  var cells: [SourceRow.Cell] = []
  var faults: [SourceFault] = []
  /// How many blank lines there are, which become no requests.
  var blankLines = 0

  func clear() {
    lines.clear()
    gathered.clear()
    records.removeAll(keepingCapacity: true)
    cells.removeAll(keepingCapacity: true)
    faults.removeAll()
    blankLines = 0
  }

  /// Fills `lines`; false where there is nothing left to read.
  fileprivate func fill(from reader: LineReader) throws(InputError) -> Bool {
    guard try reader.fill(lines) else { return false }
    text = lines.bytes
    return true
  }

  func add(_ fault: SourceFault) {
    records.append(Record(range: faults.count..<faults.count, place: .faults, line: fault.line))
    faults.append(fault)
  }

  /// Adds a record whose bytes are those of `gathered` from `start` on.
  func addGathered(from start: Int, line: Int) {
    records.append(Record(range: start..<gathered.count, place: .gathered, line: line))
    gathered.append(ASCII.newline)
  }

  /// The record's bytes.
  func bytes(of record: Record) -> PaddedBytes {
    (record.place == .gathered ? gathered.lines : text).part(record.range)
  }
}

extension LineReader {
  /// The longest line that is read, for messages.
  static var limitText: String { "\(Words.grouped(defaultLineLimit)) bytes" }

  func fill(_ block: SourceBlock) throws(InputError) -> Bool { try block.fill(from: self) }
}
