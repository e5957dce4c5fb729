import BatchFile
import Foundation
import JSONLines

/// Why a run cannot go on. It holds facts; the command adds what to type.
package enum RunError: Error, Hashable, Sendable {
  /// Another process holds the run.
  case held(by: Int32?)
  /// There is no run of this file.
  case noRun(Path)
  /// A call of the system about a file failed.
  case system(path: Path, code: Int32)
  /// A line of the journal cannot be read.
  case journal(path: Path, line: Int)
  /// The input was changed after it was submitted.
  case inputChanged(Path)
  /// The file of a part was changed after it was planned or uploaded.
  case partChanged(Path)
  /// The run was begun with another value of a setting.
  case differs(what: String, was: String, is: String)
  /// The account has batches of the last two days with the same content.
  case sameContent([String])
  /// A batch that was to be taken over does not belong to this run.
  case notOurs(batch: String, reason: String)
  /// A single request is larger than a part may be.
  case tooLarge(line: Int, bytes: Int, limit: Int)
  /// A single request has more inputs of embeddings than a part may have.
  case tooManyInputs(line: Int, inputs: Int, limit: Int)
  /// The API has received another number of bytes.
  case shortUpload(file: Path, sent: Int, received: Int)
  /// A call of the API failed.
  case client(ClientError, doing: String)
  /// The API could not process an uploaded file.
  case unusableFile(String, status: String)
  /// The run was told to send nothing more.
  case cancelled
  /// The task was cancelled. Batches at the API keep running.
  case interrupted
}

extension RunError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .held(let pid): "another process\(pid.map { " (\($0))" } ?? "") works on this run"
    case .noRun(let path): "\(path): there is no run"
    case .system(let path, let code): "\(path): \(String(cString: strerror(code)))"
    case .journal(let path, let line): "\(path): line \(line) cannot be read"
    case .inputChanged(let path): "\(path) was changed since this run began"
    case .partChanged(let path): "\(path) was changed since it was planned, so no batch is made from it"
    case .differs(let what, let was, let new): "this run was begun with \(what) \(was), not \(new)"
    case .sameContent(let ids):
      "the account has \(ids.count == 1 ? "a batch" : "batches") of the last two days with the same content: "
        + ids.joined(separator: ", ")
    case .notOurs(let batch, let reason): "\(batch) does not belong to this run: \(reason)"
    case .tooLarge(let line, let bytes, let limit):
      "line \(line) has \(bytes) bytes, more than the \(limit) that an upload may have"
    case .tooManyInputs(let line, let inputs, let limit):
      "line \(line) has \(inputs) inputs, more than the \(limit) that an upload may have"
    case .shortUpload(let file, let sent, let received):
      "\(file) has \(sent) bytes, and the API says that it got \(received)"
    case .client(let error, let doing): "\(doing): \(error)"
    case .unusableFile(let file, let status): "the API took \(file), and says that it is '\(status)'"
    case .interrupted: "interrupted"
    case .cancelled: "this run was cancelled: nothing more of it is sent"
    }
  }
}
