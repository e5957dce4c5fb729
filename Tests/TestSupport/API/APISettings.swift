import Foundation

/// How the API of the tests behaves. Each setting is a behaviour that was seen at some API of this kind.
package struct APISettings: Sendable {
  /// How lists are paged.
  package enum Paging: Sendable {
    /// OpenAI's: `after`, `has_more`, `last_id`.
    case after
    /// Groq's: `paging.next_cursor`.
    case cursor
    /// All rows are in one answer.
    case none
  }

  /// How an id that does not exist is written.
  package enum Absence: Sendable, CaseIterable {
    case null, empty, object, missing
  }

  /// The order of a batch's answers in its files.
  package enum Order: Sendable {
    case input, reversed
  }

  package var key = "gsk_tests_only_0123456789abcdef"
  /// The header that carries the key, and the text before the key.
  package var keyHeader = (name: "Authorization", prefix: "Bearer ")
  /// How many seconds the API's clock is ahead of this machine's.
  package var clockOffset = 0

  package var paging = Paging.after
  package var pageSize = 20
  /// Whether lists begin with the oldest batch, contrary to the API's documents.
  package var listsAscend = false
  /// How many lists do not show a new batch yet.
  package var listLag = 0
  /// Whether an empty page comes after the last page that has rows.
  package var hasEmptyPage = false
  /// Whether the cursor of the last page leads to that page again.
  package var repeatsCursor = false

  /// The statuses of a batch: the next one each time it is asked for; the last one stays. For `token_limit_exceeded`
  /// among `batchErrors`, see `openLimit`.
  package var statuses = ["validating", "in_progress", "finalizing", "completed"]
  /// How many batches may run at a time; nil for any number. One more fails with `token_limit_exceeded`.
  package var openLimit: Int?
  /// The statuses of a file: the next one each time it is asked for.
  package var fileStatuses = ["processed"]
  /// Whether statuses are in capitals, as Together and Novita write them.
  package var shouts = false
  package var absence = Absence.null
  /// Whether `errors` is an array, as in Groq's guide, and not a list object.
  package var errorsAreBareList = false
  /// The errors of a failed batch.
  package var batchErrors: [(code: String, message: String, line: Int?)] = []

  /// The result that the API writes for a request.
  package var rule: @Sendable (APIRequestLine) -> APILine = { .answer("Answer to \($0.customID)") }
  /// Further lines of the output file.
  package var strangers: [String] = []
  package var order = Order.input
  package var endsWithNewline = true
  /// A number that is added to the true `bytes` of every result file's object.
  package var bytesOffset = 0
  /// Whether file objects have `bytes` at all.
  package var hasBytes = true
  /// Whether `request_counts` are given.
  package var hasCounts = true
  /// The counts of a batch that has not ended.
  package var runningCounts = (total: 0, completed: 0, failed: 0)

  package init() {}
}

/// A request as it was uploaded.
package struct APIRequestLine: Sendable {
  /// The request's index in the file, from 0.
  package let index: Int
  package let customID: String
  package let url: String
  package let model: String
}

/// The result that the API writes for one request.
package enum APILine: Sendable {
  /// A good answer, in the output file.
  case answer(String)
  /// Two good answers to one request.
  case twice(String, String)
  /// An HTTP error, in the error file.
  case failure(Int, code: String)
  /// An error with this status in the output file; the status 0 was seen there.
  case oddStatus(Int)
  /// A request that was not run: its `response` is null, in the error file.
  case notRun(String)
  /// No line in either file.
  case nothing
  /// This line, in the output file.
  case raw(String)
}
