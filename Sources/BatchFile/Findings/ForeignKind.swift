/// A kind of file that was never meant to be a batch file: the closed list of the kinds that are recognised.
///
/// A file is one of these only where its bytes or all of its lines have the sign of the kind. A file with broken JSON,
/// an empty file, and a file with any line that has two of the keys custom_id, method, url and body, or keys much like
/// them, stay batch files with faults.
package enum ForeignKind: String, CaseIterable, Hashable, Sendable {
  // Recognised by every line
  case batchOutput, anthropicRequests, anthropicResults, googleRequests, googleResults, bedrockRequests, bedrockResults
  case fineTuning, requestBodies, otherObjects
  // Recognised by the first bytes
  case gzip, zip, office, oldOffice, pdf, picture, bzip2, xz, zstandard, sevenZip, tar, parquet, sqlite, recording,
    binary

  /// The kind as it stands after "it is" in a sentence.
  package var name: String {
    switch self {
    case .batchOutput: "the output of a batch"
    case .anthropicRequests: "a list of requests for Anthropic's Message Batches"
    case .anthropicResults: "the results of Anthropic's Message Batches"
    case .googleRequests: "a list of requests for Google's batch mode"
    case .googleResults: "the results of Google's batch mode"
    case .bedrockRequests: "a list of records for Amazon Bedrock's batch inference"
    case .bedrockResults: "the results of Amazon Bedrock's batch inference"
    case .fineTuning: "a list of examples for fine-tuning"
    case .requestBodies: "a list of request bodies, without anything around them"
    case .otherObjects: "a log or a list of other JSON objects"
    case .gzip: "a file compressed by gzip"
    case .zip: "a zip archive"
    case .office: "a spreadsheet or another office document"
    case .oldOffice: "a spreadsheet or another document of old office programs"
    case .pdf: "a PDF document"
    case .picture: "a picture"
    case .bzip2: "a file compressed by bzip2"
    case .xz: "a file compressed by xz"
    case .zstandard: "a file compressed by Zstandard"
    case .sevenZip: "a 7z archive"
    case .tar: "a tar archive"
    case .parquet: "a Parquet table"
    case .sqlite: "an SQLite database"
    case .recording: "a sound or a film"
    case .binary: "a program or another binary file"
    }
  }

  /// The sign that the kind is recognised by.
  package var sign: String {
    switch self {
    case .batchOutput: "each line has custom_id and response or error"
    case .anthropicRequests: "each line has custom_id and params"
    case .anthropicResults: "each line has custom_id and result"
    case .googleRequests: "each line has request with contents"
    case .googleResults: "each line has response with candidates"
    case .bedrockRequests: "each line has modelInput"
    case .bedrockResults: "each line has modelOutput"
    case .fineTuning: "each line has messages or contents without a model, prompt and completion, or preferred_output"
    case .requestBodies: "each line has model and messages, input or prompt"
    case .otherObjects: "each line is an object without any of custom_id, method, url, body"
    case .gzip, .zip, .oldOffice, .pdf, .picture, .bzip2, .xz, .zstandard, .sevenZip, .tar, .parquet, .sqlite,
      .recording:
      "its first bytes"
    case .office: "its first bytes, those of a zip archive, and the name of the first file in it"
    case .binary: "a first byte that no text begins with, and a NUL byte on its first line"
    }
  }

  /// How to get text from such a file; nil where there is no way.
  package var wayToText: String? {
    switch self {
    case .gzip, .zip, .bzip2, .xz, .zstandard, .sevenZip, .tar: "unpack it first"
    case .office, .oldOffice: "save a spreadsheet as CSV first"
    default: nil
    }
  }

  /// Whether the kind's lines have none of the keys custom_id, method, url and body. A file that mixes lines of several
  /// such kinds is ``otherObjects``.
  package var isWithoutKeys: Bool {
    switch self {
    case .googleRequests, .googleResults, .bedrockRequests, .bedrockResults, .fineTuning, .requestBodies, .otherObjects:
      true
    default: false
    }
  }
}

extension Finding {
  /// The finding for a file of another kind. It is reported in place of the faults of the file's lines.
  package static func foreign(_ kind: ForeignKind) -> Finding {
    Finding(
      code: .foreignFile, severity: .error, message: "This is not a batch file: it is \(kind.name).", length: 0,
      note: kind.wayToText, remedy: kind == .requestBodies ? .convertRequest : nil)
  }
}
