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
}

/// What cannot become a request, and where.
struct SourceFault {
  var line: Int
  var code: Code
  var message: String
  var param: String?
  var note: String?
}

/// A kind of source, read as a stream.
protocol RowSource: AnyObject {
  /// Makes ready to find these columns.
  /// - Throws: `MissingColumn` where the source is known not to have one.
  func bind(_ columns: [String]) throws
  /// Reads the next record into `row`, whose storage is used again, or says what is wrong with it.
  func next(_ row: inout SourceRow) throws(InputError) -> SourceItem
  /// Lines with nothing on them, which make no request.
  var blankLines: Int { get }
  /// Bytes read so far.
  var bytesRead: Int { get }
}

enum SourceItem {
  case row
  case fault(SourceFault)
  case end
}

/// A template asks for a column that is not there.
public struct MissingColumn: Error, CustomStringConvertible, Sendable {
  public let column: String
  public let available: [String]

  public var description: String {
    let suggestion = Suggestion.nearest(to: column, among: available).map { " Did you mean '\($0)'?" } ?? ""
    let names = Words.list(available.map { "'\($0)'" }, last: "and")
    return "there is no column '\(column)'; the columns are \(available.isEmpty ? "none" : names).\(suggestion)"
  }
}
