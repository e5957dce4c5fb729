import JSONLines

/// One record of a source: the cells that the templates ask for, in the bytes they were read into.
struct SourceRow {
  /// A value and how its text is written down.
  struct Cell {
    enum Form {
      /// As it stands.
      case plain
      /// With doubled quotes (RFC 4180).
      case doubledQuotes
      /// The inside of a JSON string, escapes as written.
      case jsonString(StringTraits)
    }

    var range: Range<Int>
    var form: Form
  }

  var bytes = PaddedBytes(base: UnsafeRawPointer(bitPattern: 64)!, count: 0)
  /// In the source, from 1: where the record begins.
  var line = 0
  /// One for each column asked for; nil where the record does not have it.
  var cells: [Cell?] = []
  /// A request body, which goes through as it is; nil for other records.
  var body: JSONValue?
  /// Set where the record is a batch line already: it goes through as one.
  var batchLine: JSONValue?
}

/// What cannot become a request, and where.
struct SourceFault {
  var line: Int
  var code: Code
  var message: String
  var param: String?
  var note: String?
  var remedy: Finding.Remedy?
}
