import JSONLines

/// Collects the ids that one worker meets: their hashes or their texts.
///
/// For a file that can be read again only the hashes are kept, eight bytes an id. Where two hashes are equal, the ids
/// may be equal too, and the file is read a second time to compare the texts of these ids. Standard input cannot be
/// read again, so all texts are kept at once.
final class IDCollector {
  enum Mode {
    /// Keeps the hashes, for ``DuplicateSearch``.
    case hashes
    /// Keeps the texts of the ids whose hash is in the set, or of all ids where it is nil.
    case texts(of: Set<UInt64>?)
    /// Keeps nothing, because the ids are known to differ.
    case nothing
  }

  /// An id with its text.
  struct RecordedID {
    var hash: UInt64
    /// The line's number in the block, from 1.
    var line: Int
    /// Where the text is in ``CollectedIDs/texts``.
    var text: Range<Int>
    /// The bytes of the line that the id takes, quotes included.
    var place: Range<Int>
    var columns: Range<Int>
    var excerpt: Finding.Excerpt?
  }

  private let mode: Mode
  private let seed = TextHash.seed
  let keepsHashes: Bool
  private let detail: FindingDetail
  /// The ids of the current block.
  private var collected = CollectedIDs()

  init(_ mode: Mode, detail: FindingDetail) {
    self.mode = mode
    self.detail = detail
    if case .hashes = mode { keepsHashes = true } else { keepsHashes = false }
  }

  /// Records the id of a line.
  /// - Parameters:
  ///   - number: the line's number in the block, from 1.
  ///   - place: the line, and the bytes of it that the id takes, quotes included. It is evaluated only where the text is
  ///     kept.
  func record(
    _ id: UnsafeRawBufferPointer, number: Int, place: @autoclosure () -> (line: PaddedBytes, range: Range<Int>)
  ) {
    if case .nothing = mode { return }
    let hash = TextHash.hash(id, seed: seed)
    if keepsHashes { return collected.hashes.append(hash) }
    if case .texts(let suspects?) = mode, !suspects.contains(hash) { return }
    let start = collected.texts.count
    collected.texts.append(contentsOf: id)
    let (line, range) = place()
    collected.recorded.append(
      RecordedID(
        hash: hash, line: number, text: start..<collected.texts.count, place: range,
        columns: line.columns(of: range),
        excerpt: detail == .excerpts ? Finding.Excerpt(line, range) : nil))
  }

  /// Makes the excerpt of the line's id again from `line`, a copy of the line without its secrets.
  func showExcerpt(of line: PaddedBytes, number: Int) {
    let last = collected.recorded.count - 1
    guard last >= 0, collected.recorded[last].line == number, collected.recorded[last].excerpt != nil else { return }
    collected.recorded[last].excerpt = Finding.Excerpt(line, collected.recorded[last].place)
  }

  /// Takes the ids that were recorded since the last call.
  func take() -> CollectedIDs {
    defer { collected = CollectedIDs() }
    return collected
  }
}

/// The ids of a block: hashes or texts, as the collector's mode has it.
struct CollectedIDs {
  var hashes = ContiguousArray<UInt64>()
  var recorded: [IDCollector.RecordedID] = []
  /// The texts of all recorded ids, one after the other.
  var texts: [UInt8] = []
}
