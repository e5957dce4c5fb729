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
  public var description: String {
    switch self {
    case .template(let text), .setting(let text): return text
    case .missingColumn(let column, let available):
      let suggestion = Suggestion.nearest(to: column, among: available).map { " Did you mean '\($0)'?" } ?? ""
      let names = Words.list(available.map { "'\($0)'" }, last: "and")
      return "there is no column '\(column)'; the columns are \(available.isEmpty ? "none" : names).\(suggestion)"
    }
  }

  public var errorDescription: String? { description }
}
