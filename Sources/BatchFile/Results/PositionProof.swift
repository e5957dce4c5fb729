import JSONLines

/// Why it is not known that a table is the one that requests were made of.
package enum PositionFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no note beside the requests.
  case noNote(requests: Path)
  /// The file of requests is not the one that the note is about.
  case otherRequests(requests: Path, note: Path)
  /// The table is not the one that the note is about.
  /// - Parameter name: the name of the table when it was converted.
  case otherTable(name: String, note: Path)

  /// Whether there is no note, so that nothing is known against the table either.
  package var isWithoutNote: Bool { if case .noNote = self { true } else { false } }

  package var description: String {
    switch self {
    case .noNote(let requests):
      "the ids are only numbers of rows, and no \(ConversionNote.path(beside: requests)) shows that this is the table "
        + "that was converted"
    case .otherRequests(let requests, let note):
      "the ids are only numbers of rows, and \(requests) is not what \(note) was noted about"
    case .otherTable(let name, let note):
      "the ids are only numbers of rows, and this is not '\(Words.cut(name))' as it was converted (\(note))"
    }
  }
}

/// Compares a table and requests with what their conversion noted.
struct PositionProof {
  /// Compares both with the note; nil where both are unchanged.
  let fault: PositionFault?

  /// - Parameter table: the open table, which is read once.
  init(_ join: TableJoin, _ table: JoinFile) throws {
    for requests in join.join.requests {
      guard let (path, note) = ConversionNote.find(beside: requests) else {
        fault = .noNote(requests: requests)
        return
      }
      let digest = try PositionProof.digest(of: JoinFile(requests, .requests), asText: false)
      guard note.outputs.contains(where: { $0.digest == digest }) else {
        fault = .otherRequests(requests: requests, note: path)
        return
      }
      guard try PositionProof.digest(of: table, asText: true) == note.tableDigest else {
        fault = .otherTable(name: note.table, note: path)
        return
      }
    }
    fault = nil
  }

  /// - Parameter asText: whether to compare the table as UTF-8 text, because the file may be UTF-16.
  private static func digest(of file: JoinFile, asText: Bool) throws -> String {
    let reader = asText ? try file.textReader() : file.reader(blockSize: LineReader.defaultBlockSize)
    var digest = ContentDigest()
    reader.observer = { digest.update($0) }
    let block = LineBlock()
    do throws(InputError) {
      while try reader.fill(block) {}
    } catch {
      throw JoinError.unreadable(file.path, error.reason)
    }
    return digest.text
  }
}
