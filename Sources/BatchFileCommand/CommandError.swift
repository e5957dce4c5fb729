import BatchFile

/// What is wrong with the arguments that the user typed.
struct UsageError: Error {
  var message: String
  var note: String?

  init(_ message: String, note: String? = nil) {
    self.message = message
    self.note = note
  }

  /// An error about a word that is not known. If one of the known words is near, the note asks whether it was meant.
  init(_ message: String, word: String, among known: [String], note: String? = nil) {
    self.init(message, note: note)
    if let nearest = Suggestion.nearest(to: word, among: known) { self.note = "did you mean '\(nearest)'?" }
  }
}

/// Why a command could not do what was asked although its arguments were right.
struct CommandError: Error {
  var message: String
  var status: ExitStatus

  init(_ message: String, _ status: ExitStatus = .failed) {
    self.message = message
    self.status = status
  }
}
