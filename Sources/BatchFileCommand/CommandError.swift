import BatchFile

/// What is wrong with the words the user typed.
struct UsageError: Error {
  var message: String
  var note: String?

  init(_ message: String, note: String? = nil) {
    self.message = message
    self.note = note
  }

  /// With the known word that was probably meant.
  init(_ message: String, word: String, among known: [String], note: String? = nil) {
    self.init(message, note: note)
    if let nearest = Suggestion.nearest(to: word, among: known) { self.note = "did you mean '\(nearest)'?" }
  }
}

/// Why a command could not do what was asked, where the words were right.
struct CommandError: Error {
  var message: String
  var status: ExitStatus

  init(_ message: String, _ status: ExitStatus = .failed) {
    self.message = message
    self.status = status
  }
}
