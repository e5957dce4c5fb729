/// Messages that several files of the library use.
enum Sentences {
  static let emptyFile = "The input file is empty. Please ensure that the batch contains at least one request."
  static let invalidJSONLine = "This line is not parseable as valid JSON."
}
