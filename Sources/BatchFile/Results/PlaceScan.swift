import Foundation
import JSONLines

/// One reading of some files, line by line, that notes where each `custom_id` stands.
final class PlaceScan: @unchecked Sendable {  // what is shared, OrderedWork guards
  /// What is wrong with some lines of a file.
  struct Fault {
    enum Reason {
      case unreadable(JSONError.Reason)
      /// More than is read of one line.
      case tooLong
      case noObject
      case noID
      /// A request where a result is expected.
      case isRequest
      /// A result where a request is expected.
      case isResult
    }

    var file: Int
    /// Counted from 1.
    var line: Int
    var reason: Reason
  }

  private static let mostFaults = 1_000

  private let files: [JoinFile]
  private let jobs: Int
  private let blockSize: Int
  private var current = -1
  private var reader: LineReader?
  private var bytesBefore = 0
  /// Lines of the files that are settled, one count a file.
  private var linesSettled: [Int]

  private(set) var index = PlaceIndex()
  /// The first of them; of each file as many as there are, in `faultCounts`.
  private(set) var faults: [Fault] = []
  private(set) var faultCounts: [Int]

  /// - Parameter jobs: threads.
  init(_ files: [JoinFile], jobs: Int, blockSize: Int) {
    self.files = files
    self.jobs = jobs
    self.blockSize = blockSize
    linesSettled = Array(repeating: 0, count: files.count)
    faultCounts = linesSettled
  }

  /// - Parameter roles: which files are read.
  func run(where isWanted: @escaping (JoinFile.Role) -> Bool) throws {
    try OrderedWork<Worker>(
      jobs: jobs, makeWorker: { Worker(self, isWanted) },
      settle: { (block: ScannedBlock) throws(JoinError) in self.settle(block) }
    ).run()
    index.build()
  }

  private struct ScannedBlock {
    var file: Int
    var lines: Int
    var places: [Place]
    /// Lines counted in the block.
    var faults: [Fault]
    var faultCount: Int
  }

  private func settle(_ block: ScannedBlock) {
    for place in block.places { index.append(place) }
    for var fault in block.faults where faults.count < PlaceScan.mostFaults {
      fault.line += linesSettled[block.file]
      faults.append(fault)
    }
    faultCounts[block.file] += block.faultCount
    linesSettled[block.file] += block.lines
  }

  private final class Worker: OrderedWorker {
    private let scan: PlaceScan
    private let isWanted: (JoinFile.Role) -> Bool
    private let block = LineBlock()
    private let document = JSONDocument()
    private let seed = TextHash.seed
    private var file = 0
    private var unescaped: [UInt8] = []

    init(_ scan: PlaceScan, _ isWanted: @escaping (JoinFile.Role) -> Bool) {
      self.scan = scan
      self.isWanted = isWanted
    }

    func take() throws(JoinError) -> OrderedPiece? {
      while true {
        if let reader = scan.reader {
          do throws(InputError) {
            if try reader.fill(block) {
              file = scan.current
              return OrderedPiece(bytesRead: scan.bytesBefore + reader.bytesRead)
            }
          } catch {
            throw JoinError.unreadable(scan.files[scan.current].path, error.reason)
          }
          scan.bytesBefore += reader.bytesRead
          scan.reader = nil
        }
        repeat { scan.current += 1 } while scan.current < scan.files.count && !isWanted(scan.files[scan.current].role)
        guard scan.current < scan.files.count else { return nil }
        scan.reader = scan.files[scan.current].reader(blockSize: scan.blockSize)
      }
    }

    func work() -> OrderedSection<ScannedBlock> { OrderedSection(outcome: scanned()) }

    private func scanned() -> ScannedBlock {
      var out = ScannedBlock(file: file, lines: 0, places: [], faults: [], faultCount: 0)
      func fault(_ reason: Fault.Reason) {
        out.faultCount += 1
        if out.faults.count < PlaceScan.mostFaults {
          out.faults.append(Fault(file: file, line: out.lines, reason: reason))
        }
      }
      if block.cutLineLength != nil {
        out.lines = 1
        fault(.tooLong)
        return out
      }
      out.places.reserveCapacity(256)
      let isRequest =
        switch scan.files[file].role {
        case .results: false
        case .requests, .pending, .unsent: true
        }
      let bytes = block.bytes
      var start = block.textStart
      while start <= bytes.count {
        out.lines += 1
        if !isRequest, let id = QuickID.find(bytes, from: start) {
          let end = bytes.endOfLine(from: id.upperBound)
          out.places.append(
            Place(
              hash: TextHash.hash(bytes.buffer(id), seed: seed), file: file, offset: block.offset + start,
              length: end - start))
          start = end + 1
          continue
        }
        var end = start
        let rest = bytes.part(start..<bytes.count)
        if let newline = JSONScanner.scanFirstLine(of: rest, into: document, remembered: nil) {
          end = start + newline
        } else {
          end = bytes.endOfLine(from: start)
          if let error = JSONScanner.scan(bytes.part(start..<end), into: document) {
            if error.reason != .empty { fault(.unreadable(error.reason)) }
            start = end + 1
            continue
          }
        }
        let members = Members(document.root, isRequest: isRequest)
        if let reason = members.fault {
          fault(reason)
        } else if let id = members.id {
          out.places.append(
            Place(
              hash: TextHash.hash(ofText: id, seed: seed, &unescaped), file: file, offset: block.offset + start,
              length: end - start))
        }
        start = end + 1
      }
      return out
    }

    func leave() {}
  }
}

/// What tells requests and results apart, found in one pass over a line's members.
private struct Members {
  private(set) var id: JSONValue?
  private(set) var fault: PlaceScan.Fault.Reason?

  init(_ root: JSONValue, isRequest: Bool) {
    guard root.kind == .object else {
      fault = .noObject
      return
    }
    var hasResult = false
    var hasRequest = false
    for (key, value) in root.fields {
      if key.isString("custom_id") {
        id = value
      } else if key.isString("response") || key.isString("error") {
        hasResult = true
      } else if key.isString("body") || key.isString("url") {
        hasRequest = true
      }
    }
    if let value = id, value.kind != .string { id = nil }
    if id == nil {
      fault = .noID
    } else if isRequest ? hasResult && !hasRequest : hasRequest && !hasResult {
      fault = isRequest ? .isResult : .isRequest
    }
  }
}

extension TextHash {
  /// Of a string's text, escapes resolved.
  @inline(__always)
  static func hash(ofText string: JSONValue, seed: UInt64, _ scratch: inout [UInt8]) -> UInt64 {
    if !string.traits.contains(.escaped) {
      return hash(string.bytes.buffer(string.contentRange), seed: seed)
    }
    scratch.removeAll(keepingCapacity: true)
    string.appendText(to: &scratch)
    return scratch.withUnsafeBytes { hash($0, seed: seed) }
  }
}
