import Foundation
import JSONLines

/// Writes the table that was converted again, with the answers in further columns. Every row keeps its place.
///
/// A row gets the answer of the request whose id the template of ids makes from the row. A template with a column finds
/// its requests for any table. A template that has only numbers of rows (`request-{n}`) fits any table, so the caller
/// must know that the table has not changed since it was converted.
package struct TableJoin: Sendable {
  /// What was written.
  package struct Written: Sendable {
    package var rows: Int
    /// How many rows have an id that no request has, so that their cells are empty.
    package var rowsWithoutRequest: Int
    /// How many requests have an id that no row has, so that their answers are not in the table.
    package var requestsWithoutRow: Int
    /// Why it is not known that the table is the one that was converted, where the ids are only numbers of rows.
    package var unproven: PositionFault?
    package var account: Account
  }

  package var join: ResultJoin
  package var table: Path
  /// The template that made the requests' ids from the table's rows.
  package var id: Template
  /// The byte between the cells. Nil for a comma, or for the semicolon or tab of a header without a comma.
  package var delimiter: UInt8?

  package init(_ join: ResultJoin, table: Path, id: Template) {
    self.join = join
    self.table = table
    self.id = id
  }

  /// Whether the ids are only numbers of rows.
  package var isByPosition: Bool { id.isByPosition }
  /// Whether the table is taken for the one that was converted without the proof that ``BatchBuilder`` notes beside its
  /// output. It matters only where the ids are numbers of rows.
  package var trustsPositions = false

  /// Calls `take` with the table in pieces. Errors about the requests, and about results of other requests, are thrown
  /// before the first piece; an error about a row is thrown when the row is read.
  ///
  /// - Throws: ``JoinError``, ``TableJoinError``, ``RecipeError``.
  package func write(_ take: @escaping (UnsafeRawBufferPointer) throws -> Void) throws -> Written {
    let file = try JoinFile(table, .requests)
    let proof = isByPosition ? try PositionProof(self, file) : nil
    if let fault = proof?.fault, !trustsPositions { throw TableJoinError.unproven(table: table, fault) }
    let run = try JoinRun(join, .nothing)
    let account = try run.run { _, _ in }
    var rows = TableRows(self, run)
    try rows.write(file, take)
    let missed = run.requestIndex.count - rows.matched
    if !join.isPartial, rows.matched * 2 < min(rows.count, run.requestIndex.count) {
      throw TableJoinError.otherTable(path: table, matched: rows.matched, rows: rows.count)
    }
    return Written(
      rows: rows.count, rowsWithoutRequest: rows.count - rows.matched, requestsWithoutRow: missed,
      unproven: proof?.fault, account: account)
  }

  /// Writes the table to a file, which appears whole or not at all.
  ///
  /// - Throws: ``JoinError``, ``TableJoinError``, ``RecipeError``; `OutputError` where the file cannot be written.
  package func write(to path: Path, replaces: Bool = false) throws -> Written {
    try write(to: path, replaces: replaces) { _ in nil }
  }

  /// - Parameter beside: makes another file from the account, which gets its name together with the table or not at
  ///   all.
  package func write(
    to path: Path, replaces: Bool, beside: (Account) throws -> OutputFiles?
  ) throws -> Written {
    let output = try OutputFiles(path: path, replaces: replaces)
    let written = try write { bytes throws(OutputError) in try output.write(bytes) }
    _ = try output.commit(with: beside(written.account))
    return written
  }
}

/// Why a table cannot be joined with answers. Nothing is written then.
package enum TableJoinError: Error, CustomStringConvertible, Sendable {
  /// A row cannot be read.
  case row(path: Path, line: Int, reason: String)
  /// Two rows make the same id.
  case duplicate(path: Path, line: Int, id: String)
  /// The ids say only the position of a row, and it is not certain that the rows are still at their positions.
  case unproven(table: Path, PositionFault)
  /// Less than half of the rows have a request.
  case otherTable(path: Path, matched: Int, rows: Int)

  package var description: String {
    switch self {
    case .row(let path, let line, let reason): "\(path):\(line): \(reason)"
    case .duplicate(let path, let line, let id):
      "\(path):\(line): an earlier row makes the id '\(Words.cut(id))' too, so an answer could belong to either of them"
    case .unproven(let table, let fault): "\(table): \(fault)"
    case .otherTable(let path, let matched, let rows):
      "\(path): only \(Counted.number(matched)) of \(Counted.of(rows, "row")) \(matched == 1 ? "makes" : "make") the id of a request; is it the table, "
        + "and the template, that the requests were made with?"
    }
  }
}

/// Reads the table once and writes its rows.
private struct TableRows {
  private let join: TableJoin
  private let run: JoinRun
  private let finder: AnswerFinder
  private let seed = TextHash.seed
  private var writer = AnswerWriter(format: .csv, withResponse: false)
  /// The constant texts of the template, without their escapes.
  private let texts: [[UInt8]]
  /// The places of requests that a row has taken.
  private var taken = Set<Int>()
  private(set) var count = 0
  var matched: Int { taken.count }
  private var tally = JoinTally()

  init(_ join: TableJoin, _ run: JoinRun) {
    self.join = join
    self.run = run
    finder = AnswerFinder(run)
    texts = join.id.parts.map { part in
      guard case .text(let escaped) = part else { return [] }
      var text: [UInt8] = []
      PaddedBytes.withCopy(of: escaped) { JSONText.unescape($0, 0..<$0.count, into: &text) }
      return text
    }
  }

  mutating func write(_ file: JoinFile, _ take: (UnsafeRawBufferPointer) throws -> Void) throws {
    let source = TableSource(try file.textReader(), separator: join.delimiter, columns: join.id.columns)
    let reader = source.makeReader()
    let block = SourceBlock()
    var row = SourceRow()
    var out = TextBuffer()
    var hasHeader = false
    while true {
      block.clear()
      guard try read(source, block) else { break }
      out.clear()
      if !hasHeader, let header = source.header {
        hasHeader = true
        writer.separator = source.separator ?? ASCII.comma
        writeHeader(source.head, header, &out)
      }
      for record in block.records {
        count += 1
        let fault =
          record.place == .faults ? block.faults[record.range.lowerBound] : reader.read(record, of: block, into: &row)
        if let fault { throw TableJoinError.row(path: join.table, line: fault.line, reason: fault.message) }
        try writeRow(row, block.lines.part(record.range), &out)
      }
      try take(out.written(0..<out.count))
    }
  }

  private func read(_ source: TableSource, _ block: SourceBlock) throws -> Bool {
    do {
      return try source.read(into: block)
    } catch let error as InputError {
      throw JoinError.unreadable(join.table, error.reason)
    }
  }

  /// Writes the header. An added column whose name the table has already gets `result_` in front.
  private func writeHeader(_ head: [UInt8], _ header: [String], _ out: inout TextBuffer) {
    let end = TableRows.lineEnd(head)
    out.append(Array(head[..<(head.count - end)]))
    for column in AnswerWriter.csvColumns {
      out.append(writer.separator)
      var name = column
      while header.contains(name) { name = "result_" + name }
      out.append(Array(name.utf8))
    }
    out.append(Array(end == 2 ? "\r\n".utf8 : "\n".utf8))
  }

  private mutating func writeRow(_ row: SourceRow, _ raw: UnsafeRawBufferPointer, _ out: inout TextBuffer) throws {
    let end = TableRows.lineEnd(raw)
    out.append(UnsafeRawBufferPointer(rebasing: raw[..<(raw.count - end)]))
    let id = makeID(row)
    if let request = try find(id) {
      guard taken.insert(request.number).inserted else {
        throw TableJoinError.duplicate(path: join.table, line: row.line, id: JSONText.string(id))
      }
      var found = FoundAnswer(.ok)
      try finder.find(request, last: request.number, &tally, into: &found)
      tally = JoinTally()
      out.append(writer.separator)
      writer.cell(request.id, to: &out)
      out.append(writer.separator)
      writer.writeCells(found, to: &out)
    } else {
      for _ in AnswerWriter.csvColumns { out.append(writer.separator) }
    }
    out.append(Array(end == 2 ? "\r\n".utf8 : "\n".utf8))
  }

  private func makeID(_ row: SourceRow) -> [UInt8] {
    var id: [UInt8] = []
    for (k, part) in join.id.parts.enumerated() {
      switch part {
      case .text: id += texts[k]
      case .column(let column):
        if let cell = row.cells[column] { TextCell.appendText(row.bytes, cell, to: &id) }
      case .number: id += Array(String(count).utf8)
      case .line: id += Array(String(row.line).utf8)
      }
    }
    return id
  }

  private func find(_ id: [UInt8]) throws(JoinError) -> JoinRequest? {
    // An empty array may have no address, and the hash needs one even for no bytes.
    let hash = (id + [0]).withUnsafeBytes { TextHash.hash(UnsafeRawBufferPointer(rebasing: $0.dropLast()), seed: seed) }
    for number in run.requestIndex.all(hash) {
      let request = try finder.request(number)
      var own: [UInt8] = []
      request.id.appendText(to: &own)
      if own == id { return request }
    }
    return nil
  }

  private static func lineEnd(_ bytes: some BidirectionalCollection<UInt8>) -> Int {
    guard bytes.last == ASCII.newline else { return 0 }
    return bytes.dropLast().last == ASCII.carriageReturn ? 2 : 1
  }
}
