import Foundation

/// Why a ``ConversionRecipe`` cannot be carried out.
public enum RecipeError: Error, Hashable, Sendable {
  /// A template is not well formed, for the reason given in words.
  case template(String)
  /// A setting of the body is not well formed, for the reason given in words.
  case setting(String)
  /// A template names a column that an input does not have.
  case missingColumn(String, available: [String])
}

extension RecipeError: CustomStringConvertible, LocalizedError {
  /// The most columns that a message names. With more, it is easier to look into the file.
  private static let mostColumns = 20

  public var description: String {
    switch self {
    case .template(let text), .setting(let text): return text
    case .missingColumn(let column, let available):
      let suggestion = Suggestion.nearest(to: column, among: available).map { " Did you mean '\($0)'?" } ?? ""
      let names = available.prefix(RecipeError.mostColumns).map { "'\(Words.cut($0))'" }
      let more = available.count > names.count ? ["\(available.count - names.count) more"] : []
      let list = Words.list(names + more, last: "and")
      let columns =
        available.isEmpty
        ? "there are none" : available.count == 1 ? "the only one is \(list)" : "the columns are \(list)"
      return "there is no column '\(column)'; \(columns).\(suggestion)"
    }
  }

  public var errorDescription: String? { description }
}
