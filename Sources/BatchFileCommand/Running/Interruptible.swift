import BatchFile
import Foundation
import JSONLines

/// Runs work that waits for the network, and lets a signal end it in order.
enum Interruptible {
  /// Runs the work to its end. The first signal cancels it, so that it can still write down what it has done; a second
  /// signal ends the process at once.
  ///
  /// - Parameter goesOn: the command line that continues the work, for the message after a signal.
  static func run(
    _ console: Console, goesOn: String? = nil, _ work: @escaping @Sendable () async throws -> ExitStatus
  ) throws -> ExitStatus {
    let task = Task.detached { () async -> Result<ExitStatus, any Error> in
      do { return .success(try await work()) } catch { return .failure(error) }
    }
    let watch = SignalWatch(console.screen) { task.cancel() }
    defer {
      watch.end()
      console.screen.end()
    }
    let done = DispatchSemaphore(value: 0)
    let box = ResultBox()
    Task.detached {
      box.result = await task.value
      done.signal()
    }
    done.wait()
    if let number = watch.number {
      if let goesOn { console.complain("interrupted; what runs at the API goes on, and `\(goesOn)` continues") }
      return .signal(number)
    }
    return try box.result.get()
  }
}

/// The outcome of the work. Unchecked: it is written before the semaphore is signalled and read afterwards.
private final class ResultBox: @unchecked Sendable {
  var result: Result<ExitStatus, any Error> = .success(.clean)
}

/// Watches for the signals that ask a program to end. Unchecked: its lock guards what changes.
private final class SignalWatch: @unchecked Sendable {
  private let lock = NSLock()
  private var first: Int32?
  private var sources: [any DispatchSourceSignal] = []

  /// The signal that came first; nil where none came.
  var number: Int32? { lock.withLock { first } }

  init(_ screen: LiveScreen, _ stop: @escaping @Sendable () -> Void) {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      // `nohup` starts programs with SIGHUP ignored, and it stays ignored then.
      guard signal(number, SIG_IGN) != nil || number != SIGHUP else { continue }
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [weak self] in
        guard let self else { return }
        let isSecond = self.lock.withLock { () -> Bool in
          defer { self.first = self.first ?? number }
          return self.first != nil
        }
        // A batch may be in creation at this moment. The journal says so, and the next command looks for the batch.
        if isSecond {
          screen.end()
          _exit(128 + number)
        }
        stop()
      }
      source.resume()
      sources.append(source)
    }
    // While this process was stopped, the shell wrote below the block.
    let source = DispatchSource.makeSignalSource(signal: SIGCONT, queue: .global())
    source.setEventHandler { screen.forget() }
    source.resume()
    sources.append(source)
  }

  func end() {
    for source in sources { source.cancel() }
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
  }
}
