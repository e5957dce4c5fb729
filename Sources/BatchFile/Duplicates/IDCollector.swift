import JSONLines

/// Takes one worker's ids, in one of two ways.
///
/// A file that can be read again leaves eight bytes an id: equal hashes are suspects, and only where there are any, a
/// second reading compares texts. Standard input cannot be read again, so there the texts are kept at once.
final class IDCollector {
  enum Mode {
    /// Hashes only, for ``DuplicateSearch``.
    case hashes
    /// Texts, of those ids only whose hash is among these; all for nil.
    case texts(of: Set<UInt64>?)
    /// The ids are known to differ.
    case nothing
  }

  struct RecordedID {
    var hash: UInt64
    /// From 1, in the block.
    var line: Int
    /// In `texts`.
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
  private var log = HashLog()
  private var lentLog = HashLog()
  /// The ids of the block at hand.
  private(set) var ids: [RecordedID] = []
  private(set) var texts: [UInt8] = []

  init(_ mode: Mode, detail: FindingDetail) {
    self.mode = mode
    self.detail = detail
    if case .hashes = mode { keepsHashes = true } else { keepsHashes = false }
  }

  /// Lends a log, so that hashes can be written to it without going through this class; moved, not copied.
  func lendLog() -> HashLog {
    var log = HashLog()
    swap(&log, &lentLog)
    return log
  }

  func takeBack(_ log: HashLog) { lentLog = log }

  /// - Parameters:
  ///   - place: where the id stands in `line`, quotes included; asked for only where the text is kept.
  func record(
    _ id: UnsafeRawBufferPointer, number: Int, place: @autoclosure () -> (line: PaddedBytes, range: Range<Int>)
  ) {
    if case .nothing = mode { return }
    let hash = TextHash.hash(id, seed: seed)
    if keepsHashes { return log.append(hash) }
    if case .texts(let suspects?) = mode, !suspects.contains(hash) { return }
    let start = texts.count
    texts.append(contentsOf: id)
    let (line, range) = place()
    ids.append(
      RecordedID(
        hash: hash, line: number, text: start..<texts.count, place: range,
        columns: line.columns(of: range),
        excerpt: detail == .excerpts ? Finding.Excerpt(line, range) : nil))
  }

  /// Ends a block whose ids have been dealt with.
  func takeIDs() -> (ids: [RecordedID], texts: [UInt8]) {
    defer {
      ids.removeAll()
      texts.removeAll()
    }
    return (ids, texts)
  }

  /// All hashes; none are left here.
  func takeHashes() -> [ContiguousArray<UInt64>] {
    defer { (log, lentLog) = (HashLog(), HashLog()) }
    return log.all + lentLog.all
  }
}
