import Foundation
import JSONLines

extension Provider {
  /// Reads a provider from a JSON file of the form that ``json`` has.
  ///
  /// - Throws: ``ProviderFileError``, which names the key that is wrong; `InputError` where the file cannot be read.
  public init(file path: Path) throws {
    do {
      let data = Data(try path.contents(limit: Provider.largestFile))
      let object = try JSONSerialization.jsonObject(with: data)
      guard let members = object as? [String: Any] else {
        throw ProviderFileError(path, "expected a JSON object with the keys \(Provider.keyList)")
      }
      for key in members.keys.sorted() where !Provider.keys.contains(key) {
        let hint = Suggestion.nearest(to: key, among: Provider.keys).map { "; did you mean '\($0)'?" } ?? ""
        throw ProviderFileError(path, "unknown key '\(key)'\(hint)")
      }
      // For a fraction, or a number that is too large for Int, the decoder would say that the file is not JSON.
      for key in ["max_bytes", "max_requests", "max_inputs", "doubtful_bytes"] {
        if let value = members[key], value is NSNumber, Int(exactly: (value as? Double) ?? .nan) == nil {
          throw ProviderFileError(path, "the value of '\(key)' must be \(Provider.typeName(Int.self))")
        }
      }
      self = try JSONDecoder().decode(Provider.self, from: data)
    } catch let error as InputError {
      throw error
    } catch let error as ProviderFileError {
      throw error
    } catch let error as DecodingError {
      throw ProviderFileError(path, Provider.explain(error))
    } catch {
      throw ProviderFileError(path, "not JSON")
    }
    if let problem { throw ProviderFileError(path, problem) }
  }

  /// The provider as the text of a provider file.
  public var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .withoutEscapingSlashes, .sortedKeys]
    // All members are strings, numbers and lists of strings, so encoding them cannot fail.
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  /// The most bytes of a provider file. One with a thousand models has a hundredth of that.
  private static let largestFile = 4 << 20
  /// The most models or urls of a provider file, because the model and the url of each line are looked up among them.
  private static let longestList = 10_000

  private static let keys = [
    "name", "source", "date", "urls", "models", "max_bytes", "max_requests", "max_inputs", "doubtful_bytes",
    "one_model_per_file", "one_url_per_file", "body_schema", "api",
  ]

  private static var keyList: String { keys.joined(separator: ", ") }

  /// A fault that the decoder does not find; nil where there is none.
  private var problem: String? {
    if urls.isEmpty { return "'urls' is empty: no line could pass" }
    if models.isEmpty { return "'models' is empty: no line could pass; [\"*\"] accepts every model" }
    for (key, list) in [("urls", urls), ("models", models)] where list.count > Provider.longestList {
      return "'\(key)' has \(list.count) entries; \(Provider.longestList) are the most"
    }
    if maxBytes < 0 { return "'max_bytes' is negative; 0 stands for no limit" }
    if maxInputs < 0 { return "'max_inputs' is negative; 0 stands for no limit" }
    if doubtfulBytes < 0 { return "'doubtful_bytes' is negative; 0 stands for no doubt" }
    if maxRequests < 0 { return "'max_requests' is negative; 0 stands for no limit" }
    return nil
  }

  private static func explain(_ error: DecodingError) -> String {
    func path(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
      (context.codingPath + [last].compactMap { $0 }).reduce("") { path, key in
        key.intValue.map { "\(path)[\($0)]" } ?? (path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)")
      }
    }
    switch error {
    case .keyNotFound(let key, let context): return "the key '\(path(context, key))' is missing"
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      return "the value of '\(path(context))' must be \(typeName(type))"
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      let values = BodySchema.allCases.map { "'\($0.rawValue)'" }
      return "the value of '\(path(context))' is not among \(Words.list(values, last: "and"))"
    default: return "not JSON"
    }
  }

  private static func typeName(_ type: Any.Type) -> String {
    switch type {
    case is String.Type: "a string"
    case is Int.Type: "a whole number"
    case is Bool.Type: "true or false"
    default: "a list"
    }
  }
}

/// Why a provider file cannot be used.
public struct ProviderFileError: Error, Hashable, Sendable, CustomStringConvertible, LocalizedError {
  public let path: Path
  /// The problem in words, with the key that is wrong.
  public let problem: String

  init(_ path: Path, _ problem: String) {
    self.path = path
    self.problem = problem
  }

  public var description: String { "\(path): \(problem)" }
  public var errorDescription: String? { description }
}
