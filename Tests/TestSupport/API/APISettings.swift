import Foundation

/// How the API of the tests behaves. Each value is a way that some API of this shape has been seen to go.
package struct APISettings: Sendable {
  /// How lists are paged.
  package enum Paging: Sendable {
    /// OpenAI's: `after`, `has_more`, `last_id`.
    case after
    /// Groq's: `paging.next_cursor`.
    case cursor
    /// All in one answer.
    case none
  }

  /// How an id that is not there is written.
  package enum Absence: Sendable, CaseIterable {
    case null, empty, object, missing
  }

  /// In which order a batch's answers stand in its files.
  package enum Order: Sendable {
    case input, reversed
  }

  package var key = "gsk_tests_only_0123456789abcdef"
  /// The header that carries the key, and what stands before it.
  package var keyHeader = (name: "Authorization", prefix: "Bearer ")
  /// Seconds that the API's clock is ahead of ours.
  package var clockOffset = 0

  package var paging = Paging.after
  package var pageSize = 20
  /// The oldest batch first: against what the API documents.
  package var listsAscend = false
  /// So many lists do not show a batch yet that was made.
  package var listLag = 0
  /// Every page but the last names a next one that has no rows.
  package var hasEmptyPage = false
  /// The cursor of the last page leads back to it.
  package var repeatsCursor = false

  /// What a batch becomes, a status each time it is asked for; the last one stays. With `token_limit_exceeded` among
  /// `batchErrors`, see `openLimit`.
  package var statuses = ["validating", "in_progress", "finalizing", "completed"]
  /// So many batches may run at a time: one more fails with `token_limit_exceeded`.
  package var openLimit: Int?
  /// What a file becomes, a status each time it is asked for.
  package var fileStatuses = ["processed"]
  /// Statuses in capitals, as Together and Novita write them.
  package var shouts = false
  package var absence = Absence.null
  /// The bare list of Groq's guide in place of the object.
  package var errorsAreBareList = false
  /// What a failed batch says: code, message, line.
  package var batchErrors: [(code: String, message: String, line: Int?)] = []

  /// What the API makes of a request.
  package var rule: @Sendable (APIRequestLine) -> APILine = { .answer("Answer to \($0.customID)") }
  /// Whole lines more, in the output file.
  package var strangers: [String] = []
  package var order = Order.input
  package var endsWithNewline = true
  /// Added to the `bytes` of every result file's object.
  package var bytesOffset = 0
  /// Whether file objects have `bytes` at all.
  package var hasBytes = true
  /// Whether `request_counts` are given.
  package var hasCounts = true

  package init() {}
}

/// A request as it was uploaded.
package struct APIRequestLine: Sendable {
  /// From 0.
  package let index: Int
  package let customID: String
  package let url: String
  package let model: String
}

/// What the API writes for one request.
package enum APILine: Sendable {
  /// A good answer, in the output file.
  case answer(String)
  /// Two good answers to one request.
  case twice(String, String)
  /// An HTTP error, in the error file.
  case failure(Int, code: String)
  /// An error in the output file with this status, as the API has done with 0.
  case oddStatus(Int)
  /// Not run: `response` null, in the error file.
  case notRun(String)
  /// In neither file.
  case nothing
  /// As it is, in the output file.
  case raw(String)
}
