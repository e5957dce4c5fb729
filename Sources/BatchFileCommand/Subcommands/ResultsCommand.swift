import BatchFile
import Foundation
import JSONLines

extension Flag {
  static let answerFormat = Flag(
    "--format", value: "FORMAT", values: AnswerFormat.allCases.map(\.rawValue),
    help: "jsonl (default): an object a request; csv: a table with a row a request.")
  static let withResponse = Flag(
    "--with-response",
    help: "Write the API's whole body with each answer; by default only where the text is not the whole answer.")
}

extension Flag {
  static let table = Flag(
    "--table", value: "FILE",
    help: "The table that was converted. The output is this table, with the answers in further columns of each row.")
  static let rowID = Flag(
    "--id", value: "TEMPLATE",
    help: "The template that `convert` made the ids of the rows with (default: 'request-{n}').")
  static let byPosition = Flag(
    "--by-position",
    help: "Find each row's answer by the row's number; the table must not have changed since it was converted. Needed "
      + "where the ids are only numbers of rows and the note that `convert` leaves beside the requests does not show it."
  )
}

extension Subcommand {
  static let results = Subcommand(
    name: "results",
    summary: "Join a batch's results with its requests, in the requests' order.",
    usage: "[options] file --from results ...",
    discussion:
      "Every request gets one line, found by its custom_id, with exactly one outcome: ok, truncated, refused, failed, "
      + "expired, cancelled, missing, or pending. Give all of the API's files: failures stand in a file of their own. "
      + "Ends with 1 where a request has no good answer; what there is was written then.",
    flags: [.output, .answerFormat, .withResponse, .table, .rowID, .delimiter, .byPosition] + ResultFlags.shared + [
      .deleteRemote
    ] + RunFlags.common,
    examples: [
      ("batchfile results requests.jsonl --from output.jsonl --from errors.jsonl", "the answers, a line a request"),
      (
        "batchfile results requests.jsonl --from output.jsonl --format csv -o answers.csv",
        "as a table, whole or not at all"
      ),
    ],
    run: { try ResultsCommand.run($0, $1) })
}

enum ResultsCommand {
  static func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    if arguments.values(.resultFiles).isEmpty { return try RunResults.run(arguments, console) }
    var join = try ResultFlags.join(arguments, name: "results")
    join.format = try arguments.choice(.answerFormat, AnswerFormat.self) ?? .jsonl
    join.withResponse = arguments.has(.withResponse)
    let progress = Progress(console, name: "joining", size: join.bytesToRead)
    defer { progress?.finish() }
    join.progress = { progress?.update($0) }
    let table = try table(arguments, join)
    let output = arguments.path(.output).flatMap { $0 == "-" ? nil : $0 }
    let report = AccountReport(arguments, console)
    try report.prepare(
      [output].compactMap { $0 }, inputs: join.requests + arguments.paths(.resultFiles) + arguments.paths(.table))
    let account: Account
    do {
      if let output {
        let replaces = arguments.has(.force)
        if let table {
          let written = try table.write(to: output, replaces: replaces, beside: report.file)
          tell(written, console)
          account = written.account
        } else {
          account = try join.write(to: output, replaces: replaces, beside: report.file)
        }
      } else {
        let take: (UnsafeRawBufferPointer) throws -> Void = { bytes in
          console.data.write(bytes)
          if console.output.failure != nil { throw ClosedOutput() }
        }
        if let table {
          // Even the last row of a table can make the join fail, so nothing is written before the whole table is
          // joined.
          let whole = try UnnamedFile()
          let written = try table.write { bytes in try whole.append(bytes) }
          try whole.rewind()
          try whole.copy(to: console.data)
          tell(written, console)
          account = written.account
        } else {
          account = try join.write(take)
        }
        console.output.flush()
        if console.output.failure != nil { return .failed }
      }
    } catch is ClosedOutput {
      // `Command` says why.
      return .failed
    } catch let error as JoinError {
      throw error.told(console)
    } catch let error as TableJoinError {
      throw error.told
    }
    if output == nil { try report.write(account) }
    progress?.finish()
    report.tell(account, next: next(account, arguments))
    return account.good == account.requests ? .clean : .faults
  }

  static func table(_ arguments: Arguments, _ join: ResultJoin) throws -> TableJoin? {
    guard let path = arguments.path(.table) else {
      for flag in [Flag.rowID, .byPosition, .delimiter] where arguments.has(flag) {
        throw UsageError("'\(flag.name)' needs \(Flag.table.name) FILE")
      }
      return nil
    }
    if arguments.has(.answerFormat), join.format != .csv {
      throw UsageError("\(Flag.table.name) gives the table back; leave out \(Flag.answerFormat.name) jsonl")
    }
    // The columns that the conversion noted are used like its default ones.
    let noted = join.requests.first.flatMap { ConversionNote.find(beside: $0)?.note.id }
    let id = try Template(arguments.value(.rowID) ?? noted ?? "request-{n}")
    var table = TableJoin(join, table: path, id: id)
    let name = path.description.lowercased()
    if name.hasSuffix(".tsv") || name.hasSuffix(".tab") { table.delimiter = 0x09 }
    if let delimiter = try ConvertCommand.delimiter(arguments) { table.delimiter = delimiter }
    table.trustsPositions = arguments.has(.byPosition)
    return table
  }

  static func tell(_ written: TableJoin.Written, _ console: Console) {
    // Where there is no note, the user's word that the table is unchanged is enough.
    if let fault = written.unproven, !fault.isWithoutNote { console.complain("warning: \(fault)") }
    if written.rowsWithoutRequest > 0 {
      console.complain("warning: \(Counted.of(written.rowsWithoutRequest, "row")) without a request")
    }
    if written.requestsWithoutRow > 0 {
      console.complain(
        "warning: \(Counted.of(written.requestsWithoutRow, "request")) without a row; the answers are not in the table")
    }
  }

  private static func next(_ account: Account, _ arguments: Arguments) -> [String] {
    let check =
      account.oddLines.count > 0
      ? [
        "batchfile check \(arguments.paths.map(ShellWord.file).joined(separator: " ")) says what is wrong with the requests"
      ]
      : []
    guard account.worthRetrying > 0 else { return check }
    let words =
      arguments.paths.map(ShellWord.file)
      + arguments.paths(.resultFiles).flatMap { [Flag.resultFiles.name, ShellWord.file($0)] }
    return check + [
      "\(Counted.of(account.worthRetrying, "request")) may pass next time: "
        + "batchfile retry \(words.joined(separator: " ")) -o FILE"
    ]
  }
}

extension TableJoinError {
  /// The error that ends the command.
  var told: CommandError {
    guard case .unproven = self else { return CommandError("\(self); nothing is written", .faults) }
    return CommandError(
      "\(self); nothing is written: \(Flag.byPosition.name) confirms that the table has not changed since it was "
        + "converted, and an \(Flag.rowID.name) with a column needs no such proof")
  }
}

/// Writing to standard output has failed, so no more is written.
private struct ClosedOutput: Error {}
