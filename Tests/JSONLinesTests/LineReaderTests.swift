import Foundation
import Testing

@testable import JSONLines

/// The lines that a reader found in a stream.
private struct Reading: Equatable {
  struct Line: Equatable {
    /// Where the line begins in the stream, in bytes.
    var offset: Int
    var bytes: [UInt8]
    /// The full length of a line that was cut.
    var cutLength: Int?
  }

  var lines: [Line] = []
  var lacksFinalNewline = false
  var bytesRead = 0
}

extension Reading {
  /// The lines that any reader must find in these bytes.
  init(of bytes: [UInt8]) {
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      lines.append(Line(offset: start, bytes: Array(bytes[start..<end])))
      lacksFinalNewline = end == bytes.count
      start = end + 1
    }
    bytesRead = bytes.count
  }

  init(
    _ handle: FileHandle, blockSize: Int, lineLimit: Int = LineReader.defaultLineLimit
  ) throws {
    let reader = LineReader(handle, blockSize: blockSize, lineLimit: lineLimit)
    let block = LineBlock()
    var ordinal = 0
    while try reader.fill(block) {
      #expect(block.ordinal == ordinal)
      ordinal += 1
      lacksFinalNewline = block.lacksFinalNewline
      if let length = block.cutLineLength {
        let kept = Array(block.bytes.buffer(0..<block.bytes.count))
        lines.append(Line(offset: block.offset, bytes: kept, cutLength: length))
        continue
      }
      var start = 0
      while start < block.count {
        let end = block.endOfLine(from: start)
        let line = block.line(start..<end)
        lines.append(Line(offset: block.offset + start, bytes: Array(line.buffer(0..<line.count))))
        start = end + 1
      }
    }
    bytesRead = reader.bytesRead
  }
}

@Suite("LineReader")
struct LineReaderTests {
  static let inputs = [
    "", "\n", "a", "a\n", "\n\n\n", "{}\n{}\n{}", "{}\r\n{}\r\n", "a\n\nb\n \n\n", "\r", "\u{0}\n\u{0}",
    "short\n" + String(repeating: "long ", count: 60) + "\nshort\n",
    String(repeating: "x", count: 200), (1...40).map { String(repeating: "y", count: $0) }.joined(separator: "\n"),
  ]

  /// A block that is put back holds too little of a row. Without more bytes each time, a row of many lines would be
  /// read again for each of its lines.
  @Test("reads twice as much after a whole block was put back", arguments: [1, 50, 4_096])
  func putBack(blockSize: Int) throws {
    let text = Array(String(repeating: "word\n", count: 12_000).utf8)
    for tail in [[], Array("end".utf8)] as [[UInt8]] {
      let reader = LineReader(try LineReaderTests.pipe(holding: text + tail), blockSize: blockSize)
      let block = LineBlock()
      var fills = 0
      while try reader.fill(block), !reader.isAtEnd {
        fills += 1
        #expect(block.offset == 0)
        reader.putBack(block, from: 0)
      }
      #expect(fills <= 20)
      #expect(Array(block.part(0..<block.count)) == text + (tail.isEmpty ? [] : tail + [0x0A]))
      #expect(block.lacksFinalNewline == !tail.isEmpty)
    }
  }

  /// A pipe that holds all of a small input and is closed.
  private static func pipe(holding bytes: [UInt8]) throws -> FileHandle {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data(bytes))
    try pipe.fileHandleForWriting.close()
    return pipe.fileHandleForReading
  }

  /// A pipe into which each piece is written once the one before it was read.
  private static func pipe(delivering pieces: [[UInt8]]) -> Pipe {
    let pipe = Pipe()
    Thread {
      for piece in pieces where !piece.isEmpty {
        var probe = pollfd(fd: pipe.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
        while poll(&probe, 1, 0) > 0 { usleep(1) }
        try? pipe.fileHandleForWriting.write(contentsOf: Data(piece))
      }
      try? pipe.fileHandleForWriting.close()
    }.start()
    return pipe
  }

  @Test("gives the same lines at every block size", arguments: inputs)
  func blockSizes(input: String) throws {
    let bytes = Array(input.utf8)
    let expected = Reading(of: bytes)
    for blockSize in 1...64 {
      let handle = try LineReaderTests.pipe(holding: bytes)
      let reading = try Reading(handle, blockSize: blockSize)
      #expect(reading == expected, "block size \(blockSize)")
    }
  }

  @Test("gives the same lines from a file", arguments: inputs)
  func file(input: String) throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("lines-\(UUID().uuidString)")
    try Data(input.utf8).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    let handle = try FileHandle(forReadingFrom: url)
    defer { try? handle.close() }
    #expect(try Reading(handle, blockSize: LineReader.defaultBlockSize) == Reading(of: Array(input.utf8)))
  }

  @Test("gives the same lines from a pipe that delivers a byte at a time", arguments: inputs)
  func singleBytes(input: String) throws {
    let bytes = Array(input.utf8)
    let pipe = LineReaderTests.pipe(delivering: bytes.map { [$0] })
    #expect(try Reading(pipe.fileHandleForReading, blockSize: 32) == Reading(of: bytes))
  }

  @Test("gives the same lines wherever a pipe's delivery is split", arguments: [3, 8, LineReader.defaultBlockSize])
  func splits(blockSize: Int) throws {
    let bytes = Array("{\"a\":1}\n\n{}\r\nlast one".utf8)
    for split in 0...bytes.count {
      let pipe = LineReaderTests.pipe(delivering: [Array(bytes[..<split]), Array(bytes[split...])])
      let reading = try Reading(pipe.fileHandleForReading, blockSize: blockSize)
      #expect(reading == Reading(of: bytes), "split at \(split)")
    }
  }

  @Test("says whether the final newline is missing", arguments: [("a\nb", true), ("a\nb\n", false), ("a", true)])
  func lacksFinalNewline(input: String, expected: Bool) throws {
    let handle = try LineReaderTests.pipe(holding: Array(input.utf8))
    #expect(try Reading(handle, blockSize: 2).lacksFinalNewline == expected)
  }

  // MARK: - The limit

  /// Expects lines of these lengths: whole up to the limit, and only their length above it.
  private static func expectLimit(_ limit: Int, lengths: [Int], finalNewline: Bool, blockSize: Int) throws {
    let texts = lengths.enumerated().map { k, length in (0..<length).map { UInt8(0x61 + ($0 + k) % 26) } }
    var bytes = Array(texts.joined(separator: [0x0A]))
    if finalNewline { bytes.append(0x0A) }
    let reading = try Reading(pipe(holding: bytes), blockSize: blockSize, lineLimit: limit)
    let expected = Reading(of: bytes)
    let place: Comment = "block size \(blockSize), limit \(limit)"
    #expect(reading.lines.map(\.offset) == expected.lines.map(\.offset), place)
    #expect(
      reading.lines.map { $0.cutLength ?? -1 } == texts.map { $0.count > limit ? $0.count : -1 }, place)
    for (line, text) in zip(reading.lines, texts) {
      if line.cutLength == nil {
        #expect(line.bytes == text, place)
      } else {
        #expect(!line.bytes.isEmpty && text.starts(with: line.bytes), place)
      }
    }
    #expect(reading.lacksFinalNewline == expected.lacksFinalNewline, place)
    #expect(reading.bytesRead == bytes.count, place)
  }

  @Test("cuts each line over the limit and no other", arguments: 1...40)
  func limit(limit: Int) throws {
    let lengths = [1, limit + 1, 0, limit, limit - 1, 2 * limit + 1, 100, 3, limit + 1, limit + 2, 1]
    for blockSize in 1...64 {
      try LineReaderTests.expectLimit(limit, lengths: lengths, finalNewline: true, blockSize: blockSize)
    }
  }

  @Test("cuts a last line without a newline", arguments: 1...40)
  func limitAtEnd(limit: Int) throws {
    for blockSize in [1, 2, 3, 7, 16, 33, 64] {
      for length in [limit, limit + 1, 3 * limit + 5] {
        try LineReaderTests.expectLimit(limit, lengths: [2, length], finalNewline: false, blockSize: blockSize)
      }
    }
  }

  @Test("keeps 256 bytes of a line over the limit")
  func keptOfCutLine() throws {
    let handle = try LineReaderTests.pipe(holding: Array(repeating: 0x61, count: 5_000) + [0x0A])
    let reading = try Reading(handle, blockSize: 64, lineLimit: 1_000)
    #expect(
      reading.lines == [Reading.Line(offset: 0, bytes: Array(repeating: 0x61, count: 256), cutLength: 5_000)])
  }

  @Test("takes the largest limit there is")
  func noLimit() throws {
    let handle = try LineReaderTests.pipe(holding: Array(repeating: 0x61, count: 300))
    #expect(try Reading(handle, blockSize: 16, lineLimit: .max).lines.map(\.bytes.count) == [300])
  }

  // MARK: - Errors

  @Test("reports a read error with its number")
  func directory() throws {
    let descriptor = open(FileManager.default.temporaryDirectory.path, O_RDONLY)
    try #require(descriptor >= 0)
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    let error = #expect(throws: InputError.self) { try Reading(handle, blockSize: 64) }
    #expect(error?.code == EISDIR)
  }
}
