import Foundation
import JSONLines

/// Makes batch files of prompts, tables and request bodies.
///
///     var recipe = ConversionRecipe()
///     recipe.model = "llama-3.1-8b-instant"
///     let builder = BatchBuilder(recipe)
///     let input = BatchBuilder.Input(path: "prompts.txt", kind: .prompts)
///     let result = try builder.convert([input], to: "requests.jsonl")
///
/// Every line that is written passes ``BatchChecker``.
public struct BatchBuilder: Sendable {
  public var recipe: ConversionRecipe
  /// The API whose rules and limits apply.
  public var provider: Provider
  /// What is known of single models; nil for what the provider's own table says.
  public var modelTable: ModelTable?
  /// Where one prompt of a list ends.
  public var promptSeparator = PromptSeparator.line
  /// The byte between the cells of a table; nil for a tab in a TSV, and in a CSV for a comma, or the semicolon or tab
  /// that its header has instead.
  public var delimiter: UInt8?
  /// Whether records that cannot become requests are left out. If false, one such record is enough that nothing is
  /// written.
  public var skipsBad = false
  /// Whether existing files may be replaced.
  public var replacesFiles = false
  /// How many threads work at once, four at the most; at least 1. What comes out is the same for any number.
  public var jobs = ProcessInfo.processInfo.activeProcessorCount
  /// How much is read at once, in bytes.
  package var blockSize = LineReader.defaultBlockSize

  public init(_ recipe: ConversionRecipe, provider: Provider = .groq) {
    self.recipe = recipe
    self.provider = provider
  }

  /// A source.
  public struct Input: Sendable {
    public var path: Path
    public var kind: InputKind

    public init(path: Path, kind: InputKind) {
      self.path = path
      self.kind = kind
    }

    public init(path: String, kind: InputKind) { self.init(path: Path(path), kind: kind) }
  }

  /// Converts the inputs, one after the other, into one batch file, or several where a limit is reached.
  ///
  /// - Throws: ``OutputError``, ``InputError``, or ``RecipeError`` where a template asks for a column that is not there.
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
  /// ``convert(_:to:)`` for a name that is text.
  public func convert(_ inputs: [Input], to path: String) throws -> Conversion { try convert(inputs, to: Path(path)) }
}

private final class KeepingConversionSink: ConversionSink {
  private(set) var findings: [(input: String, finding: Finding)] = []
  func take(_ finding: Finding, input: String) { findings.append((input, finding)) }
}
