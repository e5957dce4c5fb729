import BatchClient
import BatchFile
import Foundation
import JSONLines

extension RunSession {
  /// The join of the run's requests with the results of all its parts.
  ///
  /// - Parameter isPartial: whether requests without a result may still get one, so that they are pending and not
  ///   missing.
  func join(isPartial: Bool) throws -> ResultJoin {
    let state = run.state
    let first = state.parts.filter { $0.id.attempt == 1 }
    var requests = [place.input]
    do {
      if try !run.inputIsUnchanged() {
        console.complain(
          "warning: \(place.input) was changed after it was submitted; the answers are joined with what was submitted")
        requests = first.map { run.folder.part($0.id) }
      }
    } catch { requests = first.map { run.folder.part($0.id) } }
    let fragments = isPartial ? run.folder.fragments(attempts: state.lastAttempt) : [:]
    let parts = state.parts.map { part in
      var results = ResultKind.allCases.filter { part.downloaded[$0] != nil }.map { run.folder.results(part.id, $0) }
      if isPartial {
        results += ResultKind.allCases.filter { part.downloaded[$0] == nil }.compactMap {
          fragments[run.folder.results(part.id, $0)]
        }
      }
      return ResultJoin.Part(
        attempt: part.id.attempt, state: self.state(of: part),
        requests: [run.folder.part(part.id)], results: results)
    }
    var join = ResultJoin(requests: requests, parts: parts)
    join.isPartial = isPartial
    if let jobs = try arguments.jobs() { join.jobs = jobs }
    return join
  }

  private func state(of part: PartState) -> ResultJoin.Part.State {
    if run.isDone(part) { return .ended }
    switch part.stage {
    case .made, .creating, .unknown: return .running
    case .planned, .uploaded, .refused: return run.folder.isCancelled ? .unsent : .running
    }
  }

  /// Whether every result that the run will ever have is on the disk.
  var isComplete: Bool {
    run.state.isPlanned
      && run.state.parts.allSatisfy {
        run.isDone($0) || run.folder.isCancelled && [.planned, .uploaded, .refused].contains($0.stage)
      }
  }
}

/// The file that the answers of a run are written to.
struct AnswersFile {
  let path: Path
  let replaces: Bool

  /// Nil where the answers go to standard output.
  /// - Throws: `CommandError` where the file exists and this run did not write it, or where it is the input or a file
  ///   of the run's folder.
  init?(_ arguments: Arguments, _ place: RunPlace, _ console: Console) throws {
    guard let path = arguments.path(.output), path != "-" else { return nil }
    console.complain(of: try OutputFiles.repair(path))
    self.path = path
    let never = "\(path): belongs to this run, and is never written to"
    if path.isSameFile(as: place.input) { throw CommandError(never) }
    let real = AnswersFile.real(path)
    if real.bytes.starts(with: (AnswersFile.real(place.folder.path) + "/").bytes)
      || place.folder.files.contains(where: { path.isSameFile(as: $0) })
    {
      throw CommandError(never)
    }
    let facts = place.folder.exists ? try Journal.read(place.folder.journal) : []
    let wrote = RunState(facts).wrote[real.description]
    let isOurs = try path.exists && wrote?.contains(BatchRun.fileDigest(path)) == true
    replaces = arguments.has(.force) || isOurs
    if !replaces, path.exists {
      throw CommandError("\(path): exists; \(Flag.force.name) replaces it")
    }
    // A folder that is missing or cannot be written to is found now, and not when the answers are paid for.
    try OutputFiles(path: path, replaces: replaces).discard()
  }

  /// The path with symbolic links followed, as far as it exists.
  static func real(_ path: Path) -> Path {
    if path.exists { return path.resolved }
    let folder = (path.folder.bytes.isEmpty ? "." : path.folder).resolved
    return folder + "/" + path.name
  }
}

extension RunSession {
  /// Writes the answers, and the account to standard error.
  func writeResults(to file: AnswersFile?, isPartial: Bool, mayHaveTable: Bool = false) throws -> ExitStatus {
    var join = try join(isPartial: isPartial)
    join.prices = try prices()
    join.format = try arguments.choice(.answerFormat, AnswerFormat.self) ?? .jsonl
    join.withResponse = arguments.has(.withResponse)
    let progress = Progress(console, name: "joining", size: join.bytesToRead)
    defer { progress?.finish() }
    join.progress = { progress?.update($0) }
    let table = mayHaveTable ? try ResultsCommand.table(arguments, join) : nil
    let report = AccountReport(arguments, console)
    try report.prepare([file?.path].compactMap { $0 }, inputs: [place.input])
    let account: Account
    do {
      if let file {
        account = try write(join, table, to: file, report)
      } else {
        let output = console.output
        let data = console.data
        account = try write(join, table) { data.write($0) }
        output.flush()
        if output.failure != nil { return .failed }
      }
    } catch let error as JoinError {
      throw error.told(console)
    } catch let error as TableJoinError {
      throw error.told
    } catch let error as RunError {
      throw RunWords.error(error, place)
    }
    if file == nil { try report.write(account) }
    progress?.finish()
    report.tell(account, next: advice(account))
    return account.good == account.requests ? .clean : .faults
  }

  /// Writes the answers to a file that appears whole or not at all. Their digest is in the journal before the file gets
  /// its name, so that the run knows the file as its own even after a crash.
  private func write(
    _ join: ResultJoin, _ table: TableJoin?, to file: AnswersFile, _ report: AccountReport
  ) throws -> Account {
    let target = try OutputFiles(path: file.path, replaces: file.replaces)
    let digest = RunningDigest()
    let account = try write(join, table) { bytes in
      digest.hash.update(bytes)
      try target.write(bytes)
    } restart: {
      digest.hash = SHA256()
      try target.restart()
    }
    try run.noteWriting(AnswersFile.real(file.path), digest: digest.hash.finish())
    _ = try target.commit(with: report.file(account))
    return account
  }

  private func write(
    _ join: ResultJoin, _ table: TableJoin?, _ take: @escaping (UnsafeRawBufferPointer) throws -> Void,
    restart: (() throws -> Void)? = nil
  ) throws -> Account {
    guard let table else { return try join.write(take, restart: restart) }
    let written = try table.write(take)
    ResultsCommand.tell(written, console)
    return written.account
  }

  /// Writes the account to standard error without writing answers.
  func tellAccount() throws {
    do {
      var join = try join(isPartial: !isComplete)
      join.prices = try prices()
      let account = try join.account()
      for line in account.details { console.say("  \(line)") }
      console.complain(account.summary)
    } catch let error as JoinError { throw error.told(console) }
  }

  private func advice(_ account: Account) -> [String] {
    var lines: [String] = []
    let days = place.access.api.keepsFilesForDays
    let last = run.state.parts.compactMap { $0.state?.time }.max()
    let deletes = arguments.takes(.deleteRemote) && arguments.has(.deleteRemote)
    if days > 0, let last, !run.state.isDeletedRemotely, !deletes {
      let day = ISO8601DateFormatter.string(
        from: Date(timeIntervalSince1970: last + Double(days) * 86_400), timeZone: .gmt, formatOptions: [.withFullDate])
      lines.append("the API keeps the run's files until about \(day); \(Flag.deleteRemote.name) deletes them")
    }
    let counted = run.state.parts.reduce(0) { $0 + ($1.state?.completed ?? 0) + ($1.state?.failed ?? 0) }
    let came = run.state.parts.reduce(0) { $0 + $1.downloaded.values.reduce(0) { $0 + ($1.lines ?? 0) } }
    if isComplete, came < counted {
      lines.append(
        "the API counts \(Counted.of(counted, "answer")), and its files have \(Counted.of(came, "line")); `\(place.command("status"))` shows its counts"
      )
    }
    let refused = APIErrorLines(run: run, input: place.input).refusedLines().count
    let worth = max(0, account.worthRetrying - refused)
    if refused > 0 {
      lines.append(
        "\(Counted.of(refused, "request")) that the API named as faulty would be refused again: mend the file, and submit "
          + "it as another run with \(Flag.runDir.name) FOLDER")
    }
    if worth > 0, run.folder.isCancelled {
      lines.append(
        "this run was cancelled: `\(place.command("retry", "-o", "FILE"))` writes the requests to try again into a file"
      )
    } else if worth > 0 {
      lines.append(
        "\(Counted.of(worth, "request")) may pass next time: \(place.command("retry"))")
    }
    return lines
  }

  /// Deletes the run's files at the API, but only if everything in them is on the disk.
  func deleteRemote() async throws -> ExitStatus {
    do {
      guard let count = try await run.deleteRemote() else {
        console.complain("nothing was deleted at the API, because not all results are on the disk")
        return .notYet
      }
      console.complain("\(Counted.of(count, "file")) deleted at the API")
      return .clean
    } catch { throw RunWords.error(error, place) }
  }
}

/// `results` of a run: downloads the result files that are not on the disk yet, and joins them with the requests.
enum RunResults {
  static func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let place = try RunPlace.withoutResultFiles(arguments, console, verb: "results")
    let file = try AnswersFile(arguments, place, console)
    try ResultFlags.validate(
      arguments, console, [file?.path].compactMap { $0 }, input: place.input)
    let isPartial = arguments.has(.partial)
    return try Interruptible.run(console, goesOn: arguments.commandLine) {
      // Answers that are on the disk are joined without the API and without a key.
      let isAsked = arguments.has(.deleteRemote) || !place.state.parts.allSatisfy(place.folder.hasAllResults)
      let session = try RunSession(place, arguments, console, mayBegin: false, isAsked: isAsked)
      do throws(RunError) { try await session.run.fetch() } catch {
        // With --partial, a failure of the network does not matter: the results that are on the disk are joined.
        guard isPartial, case .client(let failure, _) = error, failure.kind != .cancelled else {
          throw RunWords.error(error, place)
        }
        console.complain("\(error)")
      }
      session.reporter.finish()
      guard session.isComplete || isPartial else {
        let status = session.close()
        return status == .clean ? .notYet : status
      }
      if !session.isComplete { _ = session.close() }
      var status = try session.writeResults(
        to: file, isPartial: !session.isComplete, mayHaveTable: true)
      if arguments.has(.deleteRemote) { status = status.combined(with: try await session.deleteRemote()) }
      return status
    }
  }
}

/// The digest of the answers while they are written.
private final class RunningDigest {
  var hash = SHA256()
}
