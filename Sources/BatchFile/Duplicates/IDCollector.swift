import JSONLines

/// Collects the ids that one worker meets: their hashes or their texts.
///
/// A file that can be read again leaves eight bytes an id: equal hashes are suspects, and only where there are any, a
/// second reading compares texts. Standard input cannot be read again, so there the texts are kept at once.
final class IDCollector {
  enum Mode {
    /// Hashes only, for ``DuplicateSearch``.
    case hashes
    /// Texts of the ids whose hash is in this set; nil for those of all ids.
    case texts(of: Set<UInt64>?)
    /// The ids are known to differ.
    case nothing
  }

  /// An id with its text.
  struct RecordedID {
    var hash: UInt64
    /// From 1, in the block.
    var line: Int
    /// In ``CollectedIDs/texts``.
    var text: Range<Int>
    /// In the line, quotes included.
    var place: Range<Int>
    var columns: Range<Int>
    var excerpt: Finding.Excerpt?
  }

  private let mode: Mode
  private let seed = TextHash.seed
  let keepsHashes: Bool
  private let detail: FindingDetail
  /// Of the block at hand.
  private var collected = CollectedIDs()

  init(_ mode: Mode, detail: FindingDetail) {
    self.mode = mode
    self.detail = detail
    if case .hashes = mode { keepsHashes = true } else { keepsHashes = false }
  }

  /// - Parameters:
  ///   - place: where the id stands in `line`, quotes included; asked for only where the text is kept.
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

  /// Makes the excerpt of a line's id anew.
  func showExcerpt(of line: PaddedBytes, number: Int) {
    let last = collected.recorded.count - 1
    guard last >= 0, collected.recorded[last].line == number, collected.recorded[last].excerpt != nil else { return }
    collected.recorded[last].excerpt = Finding.Excerpt(line, collected.recorded[last].place)
  }

  /// The ids since the last call.
  func take() -> CollectedIDs {
    defer { collected = CollectedIDs() }
    return collected
  }
}

/// The ids of a block, by the collector's mode.
struct CollectedIDs {
  var hashes = ContiguousArray<UInt64>()
  var recorded: [IDCollector.RecordedID] = []
  var texts: [UInt8] = []
}
