import BatchClient
import BatchFile
import Foundation
import JSONLines

extension Subcommand {
  static let status = Subcommand(
    name: "status",
    summary: "Show the status of runs and batches.",
    usage: "[options] [FILE|BATCH-ID ...]",
    discussion:
      "Prints a line for each batch of the runs of FILEs, and for each BATCH-ID; without either, for the account's "
      + "batches, newest first. Ends with 6 while one of the batches that were named runs.",
    flags: RunFlags.common + [.limit, .json],
    examples: [("batchfile status --json requests.jsonl", "a JSON object a part")],
    run: { arguments, console in try StatusCommand(arguments, console).run() })
}

private struct StatusCommand: Sendable {
  /// The content of an output line.
  struct Row: Sendable {
    var file: String?
    var part: PartID?
    var batchID: String?
    var status: String
    var total: Int?
    var completed: Int?
    var failed: Int?
    var createdAt: Date?
    var expiresAt: Date?
    var isFinal: Bool
  }

  let arguments: Arguments
  let console: Console

  init(_ arguments: Arguments, _ console: Console) {
    self.arguments = arguments
    self.console = console
  }

  func run() throws -> ExitStatus {
    let limit = try arguments.integer(.limit, atLeast: 1) ?? 20
    return try Interruptible.run(console) {
      do { return try await show(limit) } catch let error as ClientError {
        throw CommandError("\(error)", RunWords.status(error))
      } catch let error as RunError {
        throw CommandError("\(error)", RunWords.status(error))
      }
    }
  }

  private func show(_ limit: Int) async throws -> ExitStatus {
    if arguments.operands.isEmpty {
      try await list(limit)
      return .clean
    }
    var status = ExitStatus.clean
    for word in arguments.paths {
      let folder = RunPlace.folder(of: word, arguments)
      if !folder.exists, word.exists { throw CommandError("there is no run of \(word)") }
      let rows = folder.exists ? try await rows(of: word, folder) : [try await row(of: "\(word)")]
      for row in rows {
        write(row)
        if !row.isFinal { status = status.combined(with: .notYet) }
      }
    }
    return status
  }

  private func client(_ run: Fact?) throws -> BatchClient {
    let access = try APIAccess(arguments, console, provider: try ProviderFlags.widenedProvider(arguments), run: run)
    let client = try access.client(console)
    console.complain(access.sentence)
    return client
  }

  private func list(_ limit: Int) async throws {
    let client = try client(nil)
    var cursor: PageCursor?
    var seen: Set<PageCursor> = []
    var left = limit
    while left > 0 {
      let page = try await client.batches(from: cursor, limit: min(100, left))
      for batch in page.elements.prefix(left) { write(StatusCommand.row(batch)) }
      left -= page.elements.count
      guard let next = page.next, seen.insert(next).inserted else { return }
      cursor = next
    }
  }

  private func row(of id: String) async throws -> Row { StatusCommand.row(try await client(nil).batch(id)) }

  private func rows(of file: Path, _ folder: RunFolder) async throws -> [Row] {
    let state = RunState(try Journal.read(folder.journal))
    if state.parts.isEmpty {
      var row = Row(status: "unsent", isFinal: true)
      row.file = file.description
      return [row]
    }
    let client = try client(state.run)
    let listed = try await client.listed(state.parts.compactMap { $0.stage == .made ? $0.batchID : nil })
    var rows: [Row] = []
    for part in state.parts {
      var row: Row
      if let id = part.batchID, part.stage == .made {
        if let batch = listed[id] {
          row = StatusCommand.row(batch)
        } else {
          row = StatusCommand.row(try await client.batch(id))
        }
      } else {
        let status =
          [.creating, .unknown].contains(part.stage) ? "unknown" : folder.isCancelled ? "cancelled" : "queued"
        row = Row(status: status, isFinal: status == "cancelled")
      }
      row.file = file.description
      row.part = part.id
      rows.append(row)
    }
    return rows
  }

  private static func row(_ batch: Batch) -> Row {
    Row(
      batchID: batch.id, status: batch.status.name, total: batch.counts?.total, completed: batch.counts?.completed,
      failed: batch.counts?.failed, createdAt: batch.createdAt, expiresAt: batch.expiresAt,
      isFinal: batch.status.isFinal)
  }

  private func write(_ row: Row) {
    if arguments.has(.json) { return console.output.write(json(row) + "\n") }
    var text = [row.file, row.part?.fileName].compactMap { $0 }.joined(separator: " ")
    if !text.isEmpty { text += ": " }
    text += [row.batchID, row.status].compactMap { $0 }.joined(separator: " ")
    if let total = row.total, total > 0 { text += ", \(row.completed ?? 0) of \(total) done" }
    if let failed = row.failed, failed > 0 { text += ", \(failed) failed" }
    if let end = row.expiresAt, !row.isFinal { text += ", expires \(StatusCommand.iso(end))" }
    console.answer(text)
  }

  private func json(_ row: Row) -> String {
    func text(_ value: String?) -> String {
      guard let value else { return "null" }
      var bytes: [UInt8] = []
      TerminalText.appendJSONString(value, to: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    }
    func number(_ value: Int?) -> String { value.map(String.init) ?? "null" }
    func time(_ value: Date?) -> String { number(value.map { Int($0.timeIntervalSince1970) }) }
    return "{\"file\":\(text(row.file)),\"part\":\(number(row.part?.number)),\"attempt\":\(number(row.part?.attempt)),"
      + "\"batch_id\":\(text(row.batchID)),\"status\":\(text(row.status)),\"total\":\(number(row.total)),"
      + "\"completed\":\(number(row.completed)),\"failed\":\(number(row.failed)),"
      + "\"created_at\":\(time(row.createdAt)),\"expires_at\":\(time(row.expiresAt))}"
  }

  private static func iso(_ date: Date) -> String { ISO8601DateFormatter().string(from: date) }
}
