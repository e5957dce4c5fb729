import Foundation
import JSONLines

/// What `convert` notes beside its output where the requests' ids say only where a row stands in the table: without it,
/// nothing would show later that a table is the one that was converted.
///
/// A file `NAME.source.json` beside the output, in one line of JSON. It belongs to the output: it appears with it, and is
/// replaced with it.
package struct ConversionNote: Codable, Equatable {
  /// A file that the conversion wrote.
  package struct Output: Codable, Equatable {
    package var name: String
    package var digest: String
  }

  private static let version = 1
  /// The most bytes of a note that is read. A conversion writes a few thousand files at most, and the note names each
  /// of them.
  private static let largest = 8 << 20

  private var version: Int
  /// For people.
  package var table: String
  package var tableDigest: String
  /// The template of the ids.
  package var id: String
  package var outputs: [Output]

  private enum CodingKeys: String, CodingKey {
    case version = "batchfile_source"
    case table
    case tableDigest = "table_digest"
    case id, outputs
  }

  init(table: String, digest: ContentDigest, id: String) {
    version = ConversionNote.version
    self.table = table
    tableDigest = digest.text
    self.id = id
    outputs = []
  }

  /// - Parameter output: the name that was given for the output, whether or not it was cut into pieces.
  package static func path(beside output: Path) -> Path { output + ".source.json" }

  /// - Parameter note: nil where the output has none; one of an earlier output is out of place then.
  static func beside(_ output: Path, _ note: ConversionNote?) -> OutputNote {
    var beside = OutputNote(name: path(beside: output), isNote: { read($0) != nil })
    if let note {
      beside.text = { files in
        var note = note
        note.outputs = files.map { Output(name: $0.name.name.description, digest: $0.digest.text) }
        return note.text
      }
    }
    return beside
  }

  /// The note about a file of requests; nil where there is none that can be read.
  package static func find(beside requests: Path) -> (path: Path, note: ConversionNote)? {
    for output in [requests, OutputFiles.whole(ofPiece: requests)].compactMap({ $0 }) {
      let path = path(beside: output)
      if let note = read(path) { return (path, note) }
    }
    return nil
  }

  static func read(_ path: Path) -> ConversionNote? {
    guard path.status.map({ $0.st_mode & S_IFMT == S_IFREG }) == true,
      let bytes = try? path.contents(limit: largest),
      let note = try? JSONDecoder().decode(ConversionNote.self, from: Data(bytes)), note.version == version
    else { return nil }
    return note
  }

  private var text: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Texts and numbers only: nothing in it that cannot be encoded.
    let data = (try? encoder.encode(self)) ?? Data()
    return Array(data) + [ASCII.newline]
  }
}
