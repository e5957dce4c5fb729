import Foundation
import JSONLines

/// Makes batch files from prompts, tables and request bodies.
///
///     var recipe = ConversionRecipe()
///     recipe.model = "openai/gpt-oss-20b"
///     let builder = BatchBuilder(recipe)
///     let input = BatchBuilder.Input(path: "prompts.txt", kind: .prompts)
///     let result = try builder.convert([input], to: "requests.jsonl")
///
/// Every line that is written passes ``BatchChecker``.
public struct BatchBuilder: Sendable {
  public var recipe: ConversionRecipe
  /// The API whose rules and limits apply.
  public var provider: Provider
  /// What is known of single models; nil for the provider's own table.
  public var modelTable: ModelTable?
  /// Where one prompt of a list ends.
  public var promptSeparator = PromptSeparator.line
  /// The byte between the cells of a table. Where it is nil, a TSV has tabs; a CSV has commas, or semicolons or tabs if
  /// its header has no comma.
  public var delimiter: UInt8?
  /// Whether records that cannot become requests are left out. If false, nothing is written where there is one such
  /// record.
  public var skipsBad = false
  /// Whether existing files may be replaced.
  public var replacesFiles = false
  /// The most threads that work at once, from 1 to 4. The result is the same for any number.
  public var jobs = ProcessInfo.processInfo.activeProcessorCount
  /// How many bytes are read at once.
  package var blockSize = LineReader.defaultBlockSize

  public init(_ recipe: ConversionRecipe, provider: Provider = .groq) {
    self.recipe = recipe
    self.provider = provider
  }

  /// A file to convert.
  public struct Input: Sendable {
    public var path: Path
    public var kind: InputKind

    public init(path: Path, kind: InputKind) {
      self.path = path
      self.kind = kind
    }

    public init(path: String, kind: InputKind) { self.init(path: Path(path), kind: kind) }
  }

  /// Converts the inputs, one after the other, into one batch file, or into several where one would go over a limit of
  /// the provider.
  ///
  /// - Throws: ``OutputError``, ``InputError``, or ``RecipeError`` where a template names a column that an input does
  ///   not have. Nothing is written then.
  public func convert(_ inputs: [Input], to path: Path) throws -> Conversion {
    let sink = KeepingConversionSink()
    let target = FileTarget(try OutputFiles(path: path, replaces: replacesFiles), provider: provider)
    let run = ConversionRun(self, target: target, sink: sink)
    for input in inputs {
      let handle = try InputError.open(input.path)
      defer { try? handle.close() }
      do {
        try run.convert(handle, kind: input.kind, name: input.path.description)
      } catch var error as InputError {
        error.path = input.path
        throw error
      }
    }
    var result = try run.finish()
    result.findings = sink.findings
    return result
  }
}

extension BatchBuilder {
  /// Does the same as ``convert(_:to:)``, for a path that is a `String`.
  public func convert(_ inputs: [Input], to path: String) throws -> Conversion { try convert(inputs, to: Path(path)) }
}

private final class KeepingConversionSink: ConversionSink {
  private(set) var findings: [(input: String, finding: Finding)] = []
  func take(_ finding: Finding, input: String) { findings.append((input, finding)) }
}
