import BatchFile
import Foundation

/// Runs work that waits for a network, until it ends or a signal comes.
enum Interruptible {
  /// The first signal cancels the work, which puts down what it holds; the second ends the process at once.
  ///
  /// - Parameter goesOn: the command that goes on after a signal, which is said then.
  static func run(
    _ console: Console, goesOn: String? = nil, _ work: @escaping @Sendable () async throws -> ExitStatus
  ) throws -> ExitStatus {
    let task = Task.detached { () async -> Result<ExitStatus, any Error> in
      do { return .success(try await work()) } catch { return .failure(error) }
    }
    let watch = SignalWatch { task.cancel() }
    defer { watch.end() }
    let done = DispatchSemaphore(value: 0)
    let box = ResultBox()
    Task.detached {
      box.result = await task.value
      done.signal()
    }
    done.wait()
    if let number = watch.number {
      if let goesOn { console.complain("interrupted; what runs at the API goes on, and `\(goesOn)` goes on with it") }
      return .signal(number)
    }
    return try box.result.get()
  }
}

private final class ResultBox: @unchecked Sendable {  // written before the semaphore is signalled, read after
  var result: Result<ExitStatus, any Error> = .success(.clean)
}

/// Watches for signals that end a program.
private final class SignalWatch: @unchecked Sendable {  // guarded by its lock
  private let lock = NSLock()
  private var first: Int32?
  private var sources: [any DispatchSourceSignal] = []

  /// The signal that came.
  var number: Int32? { lock.withLock { first } }

  init(_ stop: @escaping @Sendable () -> Void) {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      // With `nohup` a hang-up is ignored, and stays so.
      guard signal(number, SIG_IGN) != nil || number != SIGHUP else { continue }
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [weak self] in
        guard let self else { return }
        let isSecond = self.lock.withLock { () -> Bool in
          defer { self.first = self.first ?? number }
          return self.first != nil
        }
        // A create may be under way: what became of it is looked up by the next command.
        if isSecond { _exit(128 + number) }
        stop()
      }
      source.resume()
      sources.append(source)
    }
  }

  func end() {
    for source in sources { source.cancel() }
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
  }
}
