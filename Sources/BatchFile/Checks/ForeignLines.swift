import Foundation
import JSONLines

/// Counts the lines that look like lines of another kind of file. They always have findings, so lines without
/// findings are not looked at here. A file is foreign if every one of its requests was counted.
struct ForeignTally {
  /// The kind by the file's first bytes; nil where these do not decide. If they do, the lines do not matter.
  private var file: ForeignKind?
  private var lines = 0
  private var kind: ForeignKind?
  private var isMixed = false

  mutating func add(_ line: ForeignKind) { add(line, lines: 1) }

  /// Sets the kind by the file's first bytes.
  mutating func set(_ file: ForeignKind) { self.file = file }

  mutating func add(_ other: ForeignTally) {
    file = file ?? other.file
    isMixed = isMixed || other.isMixed
    if let kind = other.kind { add(kind, lines: other.lines) }
  }

  private mutating func add(_ line: ForeignKind, lines count: Int) {
    lines += count
    if kind == nil || kind == line {
      kind = line
    } else if let known = kind, known.isWithoutKeys, line.isWithoutKeys {
      kind = .otherObjects
    } else {
      isMixed = true
    }
  }

  /// - Parameter requests: how many lines of the file are not blank.
  /// - Returns: the kind of the file; nil for a batch file.
  func verdict(requests: Int) -> ForeignKind? {
    if let file { return file }
    return lines == requests && !isMixed ? kind : nil
  }
}

enum ForeignLines {
  /// The kind of file that a line without a `body` is from; nil where it has no sign of one.
  static func kind(of root: JSONValue) -> ForeignKind? {
    var keys = Set<String>()
    var hasCustomID = false
    for (key, _) in root.fields {
      let isOwn = Envelope.table.find(key) != nil
      // A misspelt key counts like the right one: a file with `Custom-ID` and `URL` was meant to be a batch file.
      guard let name = isOwn ? key.text : Suggestion.nearest(to: key.text, among: Envelope.keys) else { continue }
      keys.insert(name)
      if isOwn, name == "custom_id" { hasCustomID = true }
      if keys.count > 1 || isOwn && !hasCustomID { return nil }
    }
    if hasCustomID {
      if root["response"] != nil || root["error"] != nil { return .batchOutput }
      if root["params"]?.kind == .object { return .anthropicRequests }
      if root["result"]?.kind == .object { return .anthropicResults }
      return nil
    }
    return keyless(root)
  }

  private static func keyless(_ root: JSONValue) -> ForeignKind {
    func has(_ key: StaticString, _ kind: JSONKind) -> Bool { root[key]?.kind == kind }
    func has(_ key: StaticString, with member: StaticString) -> Bool {
      guard let value = root[key], value.kind == .object else { return false }
      return value[member] != nil
    }
    if has("modelOutput", .object) { return .bedrockResults }
    if has("modelInput", .object) { return .bedrockRequests }
    if has("response", with: "candidates") { return .googleResults }
    if has("request", with: "contents") { return .googleRequests }
    if has("model", .string), root["messages"] != nil || root["input"] != nil || root["prompt"] != nil {
      return .requestBodies
    }
    if has("messages", .array) || has("contents", .array) || has("prompt", .string) && has("completion", .string)
      || root["preferred_output"] != nil
    {
      return .fineTuning
    }
    return .otherObjects
  }

  /// The kind of a file that is not text, by its first bytes; nil for all others.
  static func file(beginningWith line: PaddedBytes) -> ForeignKind? {
    func begins(_ bytes: [UInt8], at offset: Int = 0) -> Bool {
      line.count >= offset + bytes.count && line.buffer(offset..<offset + bytes.count).elementsEqual(bytes)
    }
    func begins(_ text: String, at offset: Int = 0) -> Bool { begins(Array(text.utf8), at: offset) }
    if begins([0x1F, 0x8B]) { return .gzip }
    if begins("PK\u{3}\u{4}") {
      let isOffice = begins("[Content_Types].xml", at: 30) || begins("mimetypeapplication/vnd.oasis.opendoc", at: 30)
      return isOffice || begins("_rels/", at: 30) || begins("xl/", at: 30) ? .office : .zip
    }
    if begins("PK\u{5}\u{6}") { return .zip }
    if begins([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) { return .oldOffice }
    if begins("%PDF-") { return .pdf }
    let isPicture =
      begins([0x89, 0x50, 0x4E, 0x47]) || begins([0xFF, 0xD8, 0xFF]) || begins("GIF87a") || begins("GIF89a")
      || begins("RIFF") && begins("WEBP", at: 8) || begins([0x49, 0x49, 0x2A, 0]) || begins([0x4D, 0x4D, 0, 0x2A])
    if isPicture { return .picture }
    if begins("BZh") && line.count > 9 && begins([0x31, 0x41, 0x59, 0x26, 0x53, 0x59], at: 4) { return .bzip2 }
    if begins([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]) { return .xz }
    if begins([0x28, 0xB5, 0x2F, 0xFD]) { return .zstandard }
    if begins([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]) { return .sevenZip }
    if begins("PAR1") { return .parquet }
    if begins("SQLite format 3\u{0}") { return .sqlite }
    if begins("ustar", at: 257) { return .tar }
    let isRecording =
      begins("RIFF") && (begins("WAVE", at: 8) || begins("AVI ", at: 8)) || begins("ID3\u{3}") || begins("ID3\u{4}")
      || begins("OggS\u{0}") || begins("fLaC\u{0}") || begins("ftyp", at: 4) && line[0] == 0
      || begins([0x1A, 0x45, 0xDF, 0xA3])
    if isRecording { return .recording }
    return isBinary(line) || begins([0x4D, 0x5A, 0x90, 0]) ? .binary : nil
  }

  /// Whether a file's first line shows that the file is not text. A damaged batch file is not meant: it begins with a
  /// brace, or with NUL bytes where its beginning was lost. UTF-16 and UTF-32 begin with a byte order mark.
  private static func isBinary(_ line: PaddedBytes) -> Bool {
    guard line.count > 1, let first = line.buffer(0..<1).first else { return false }
    let isTextual = first == 0 || ASCII.isBlank(first) || first >= 0x20 && first < 0x7F
    let isMark = [[0xEF, 0xBB], [0xFE, 0xFF], [0xFF, 0xFE]].contains { line.buffer(0..<2).elementsEqual($0) }
    return !isTextual && !isMark && line.buffer(0..<min(line.count, 1024)).contains(0)
  }
}

extension ForeignKind {
  /// The kind of a file that is not text, by its first bytes from where the handle stands.
  ///
  /// - Returns: nil for text, and for a pipe, whose bytes could not be read a second time.
  package static func ofFirstBytes(_ handle: FileHandle) -> ForeignKind? {
    let start = lseek(handle.fileDescriptor, 0, SEEK_CUR)
    guard start >= 0 else { return nil }
    var head = [UInt8](repeating: 0, count: 1024)
    let count = pread(handle.fileDescriptor, &head, head.count, start)
    guard count > 0 else { return nil }
    return PaddedBytes.withCopy(of: head[..<count].prefix { $0 != ASCII.newline }) {
      ForeignLines.file(beginningWith: $0)
    }
  }
}
