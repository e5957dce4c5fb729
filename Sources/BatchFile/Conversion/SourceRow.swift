import JSONLines

/// One record of a source: a row with the cells that the templates use, a request body, or a line of a batch file.
struct SourceRow {
  /// Where the text of a cell is, and how it is written there.
  struct Cell {
    enum Form {
      /// As plain text.
      case plain
      /// With each quote written twice (RFC 4180).
      case doubledQuotes
      /// As the inside of a JSON string, with escapes.
      case jsonString(StringTraits)
    }

    var range: Range<Int>
    var form: Form
  }

  /// The bytes that the cells' ranges are in.
  var bytes = PaddedBytes(base: UnsafeRawPointer(bitPattern: 64)!, count: 0)
  /// The line of the source on which the record begins, from 1.
  var line = 0
  /// A cell for each column that the templates use; nil where the record does not have the column.
  var cells: [Cell?] = []
  /// The request body, where the record is or contains one; nil for others.
  var body: JSONValue?
  /// The whole record, where it is a line of a batch file; nil for others.
  var batchLine: JSONValue?
}

/// Why a record cannot become a request.
struct SourceFault {
  /// The line of the source, from 1; 0 where the fault is about the whole source.
  var line: Int
  var code: Code
  var message: String
  var param: String?
  var note: String?
  var remedy: Finding.Remedy?
}
