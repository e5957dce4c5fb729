import BatchFile
import Foundation

extension Subcommand {
  static let convert = Subcommand(
    name: "convert",
    summary: "Make batch files from prompts, tables and request bodies.",
    usage: "--model NAME [options] [input ...]",
    discussion: "Reads prompt lists (.txt), tables with a header (.csv, .tsv) and JSON (.json, .jsonl) and writes one "
      + "batch line for each prompt, row or object. An object with 'messages' is a request body and goes through byte "
      + "for byte, and so does one with 'input', or with 'model' and 'prompt', where the endpoint takes these; any other "
      + "is a row, and templates say how its columns are used: '{column}' is filled in, '{{' stands for a brace, '@file' "
      + "reads the template from a file.\n"
      + "Every line that is written passes `batchfile check`. If a part of the input cannot become such a line, a "
      + "finding names the input's line and nothing is written, unless --skip-bad is given. Findings go to standard "
      + "output, or to standard error where the requests go to standard output.",
    flags: [
      .output, .force, .from, .paragraphs, .null, .delimiter, .body, .prompt, .system, .id, .givenModel, .set, .drop,
      .givenURL, .skipBad, .maxFindings, .jobs, .quiet, .stdinFilename,
    ] + ProviderFlags.limits,
    examples: [
      ("batchfile convert --model openai/gpt-oss-20b -o requests.jsonl prompts.txt", "a prompt a line"),
      (
        "batchfile convert --model openai/gpt-oss-20b --id 'row-{id}' --prompt 'Translate: {text}' table.csv",
        "a row a request, to standard output"
      ),
      ("batchfile convert --set temperature=0.2 -o requests.jsonl calls.json", "synchronous calls, with one change"),
    ],
    run: { try ConvertCommand(arguments: $0, console: $1).run() })
}

extension Flag {
  static let from = Flag(
    "--from", value: "KIND", values: InputKind.allCases.map(\.rawValue),
    help: "What the input is: prompts, csv, tsv, json, jsonl (default: by the file's name).")
  static let paragraphs = Flag("--paragraphs", help: "Prompts are separated by blank lines.")
  static let null = Flag("--null", short: "-0", help: "Prompts are separated by NUL.")
  static let prompt = Flag("--prompt", value: "TEMPLATE", help: "The user message (default: '{prompt}').")
  static let system = Flag("--system", value: "TEMPLATE", help: "A system message (default: none).")
  static let id = Flag(
    "--id", value: "TEMPLATE",
    help: "The custom_id (default: 'request-{n}'); {n} counts from 1, {line} is the source's line.")
  static let givenModel = Flag(
    "--model", value: "NAME", help: "The model, where a body does not name one; accepted beside the provider's.")
  static let givenURL = Flag("--url", value: "PATH", help: "The endpoint (default: /v1/chat/completions).")
  static let set = Flag(
    "--set", value: "PATH=VALUE", isRepeatable: true,
    help:
      "Set or replace a member of the body, like temperature=0.2; the value is JSON, else a string as written; @FILE "
      + "reads it. Repeatable.")
  static let drop = Flag(
    "--drop", value: "PATH", isRepeatable: true,
    help: "Leave out a member of the body, like metadata.trace. Repeatable.")
  static let body = Flag(
    "--body", value: "PATH", help: "Where in a JSON object its request body is, like request or call.kwargs.")
  static let delimiter = Flag(
    "--delimiter", value: "CHAR",
    help: "The character between the cells of a table (default: tab in .tsv; in .csv a comma, or ';' or tab if the "
      + "header has no comma).")
  static let skipBad = Flag("--skip-bad", help: "Leave out what cannot become a request, and write the rest.")
}

struct ConvertCommand {
  private let console: Console
  private let inputs: [(Input, InputKind)]
  private let builder: BatchBuilder
  private let output: Path?
  private let style: ReportStyle
  private let isQuiet: Bool

  init(arguments: Arguments, console: Console) throws {
    self.console = console
    style = try ReportFlags.plainStyle(arguments)
    isQuiet = arguments.has(.quiet)
    output = arguments.path(.output).flatMap { $0 == "-" ? nil : $0 }

    let forced = try arguments.choice(.from, InputKind.self)
    inputs = try Input.all(arguments).map { input in
      if let kind = forced ?? InputKind(path: input.name) { return (input, kind) }
      if let handle = try? InputError.open(input.path), let kind = ForeignKind.ofFirstBytes(handle) {
        throw CommandError("\(input.name): it is \(kind.name)" + (kind.wayToText.map { "; \($0)" } ?? ""))
      }
      throw UsageError(
        input.isStandardInput
          ? "standard input needs --from"
          : "'\(input.name)': its name does not say which kind of input it is; add --from",
        note: "it takes \(InputKind.allCases.map(\.rawValue).joined(separator: ", "))")
    }

    var recipe = ConversionRecipe()
    recipe.prompt = try ConvertCommand.template(.prompt, arguments) ?? recipe.prompt
    recipe.system = try ConvertCommand.template(.system, arguments) ?? recipe.system
    recipe.id = try ConvertCommand.template(.id, arguments) ?? recipe.id
    recipe.model = arguments.value(.givenModel)
    recipe.url = arguments.value(.givenURL) ?? recipe.url
    recipe.body = arguments.value(.body)
    for word in arguments.words(.set) { try ConvertCommand.set(word, in: &recipe) }
    for path in arguments.values(.drop) {
      do { try recipe.settings.drop(path) } catch { throw UsageError("'\(Flag.drop.name)': \(error)") }
    }
    let rowsOnly = inputs.allSatisfy { _, kind in [.prompts, .csv, .tsv].contains(kind) }
    if rowsOnly, recipe.model == nil, !recipe.settings.sets("model") {
      throw UsageError("prompts and tables name no model; add --model NAME")
    }

    if rowsOnly, recipe.settings.touches("messages") {
      throw UsageError("the messages of prompts and tables are made by --prompt and --system; --set cannot give them")
    }

    var builder = BatchBuilder(recipe, provider: try ProviderFlags.provider(arguments))
    builder.skipsBad = arguments.has(.skipBad)
    builder.replacesFiles = arguments.has(.force)
    if let jobs = try arguments.jobs() { builder.jobs = jobs }
    if arguments.has(.paragraphs), arguments.has(.null) {
      throw UsageError("--paragraphs and --null cannot be given together")
    }
    if arguments.has(.paragraphs) { builder.promptSeparator = .blankLine }
    if arguments.has(.null) { builder.promptSeparator = .null }
    builder.delimiter = try ConvertCommand.delimiter(arguments)
    self.builder = builder
  }

  /// The byte that `--delimiter` names: an ASCII character, or a word for the tab, which is hard to type.
  static func delimiter(_ arguments: Arguments) throws -> UInt8? {
    guard let text = arguments.value(.delimiter) else { return nil }
    if text == "\\t" || text == "tab" { return 0x09 }
    guard let byte = text.utf8.first, text.utf8.count == 1, byte < 0x80, !["\"", "\n", "\r"].contains(text) else {
      throw UsageError("'\(Flag.delimiter.name)' takes one ASCII character, or 'tab', not '\(text)'")
    }
    return byte
  }

  private static func set(_ word: Word, in recipe: inout ConversionRecipe) throws {
    let name = Flag.set.name
    guard let equals = word.bytes.firstIndex(of: UInt8(ascii: "=")) else {
      throw UsageError("'\(name)': '\(word.text)' has no '='; it is PATH=VALUE, like temperature=0.2")
    }
    let path = Word(bytes: word.bytes[..<equals]).text
    let value = try content(of: word.dropFirst(equals + 1))
    do { try recipe.settings.set(path, to: value) } catch { throw UsageError("'\(name)': \(error)") }
  }

  private static func template(_ flag: Flag, _ arguments: Arguments) throws -> Template? {
    guard let word = arguments.word(flag) else { return nil }
    let text = try content(of: word)
    do { return try Template(text) } catch { throw UsageError("'\(flag.name)' \(word.text): \(error)") }
  }

  /// The most bytes of a value that is read from a file. A request with a larger one would be longer than a line that
  /// `check` reads.
  private static let largestValue = 64 << 20

  /// The value of an option: the word itself, or the content of the file whose name follows '@'. The newline that
  /// editors put at a file's end does not belong to the value.
  private static func content(of word: Word) throws(UsageError) -> String {
    guard word.bytes.first == UInt8(ascii: "@") else { return word.text }
    if word == "@" {
      throw UsageError("a file's name must follow '@'", note: "a text that is '@' comes from a file, too")
    }
    let path = word.dropFirst(1).path
    let bytes: [UInt8]
    do { bytes = try path.contents(limit: largestValue) } catch { throw UsageError("'\(path)': \(error.reason)") }
    guard var content = String(bytes: bytes, encoding: .utf8) else { throw UsageError("'\(path)' is not UTF-8") }
    if content.hasSuffix("\r\n") || content.hasSuffix("\n") { content.removeLast() }
    return content
  }

  func run() throws -> ExitStatus {
    let target: any ConversionTarget =
      if let output {
        FileTarget(
          try OutputFiles(path: output, replaces: builder.replacesFiles), provider: builder.provider)
      } else {
        StreamTarget(console.data, provider: builder.provider)
      }
    // Requests and findings must not be mixed, so findings go to standard error where requests go to standard output.
    let out: any ByteSink = output == nil ? ErrorOutput(console) : console.output
    console.complain(of: (target as? FileTarget)?.files.repair)
    let findings = ConversionReport(out, style: style)
    let run = ConversionRun(builder, target: target, sink: findings)
    var status = ExitStatus.clean
    for (input, kind) in inputs {
      let handle: FileHandle
      do {
        handle = try input.open(console)
      } catch {
        console.complain(input.failure(error).message)
        status = .failed
        continue
      }
      findings.begin(input.name)
      let progress = Progress(console, name: input.name, handle: handle)
      defer { progress?.finish() }
      do {
        try run.convert(handle, kind: kind, name: input.name) { progress?.update($0) }
      } catch {
        throw input.failure(error)
      }
    }
    // An input that could not be read must not lead to a file that looks complete.
    if status == .failed {
      target.discard()
      return status
    }
    let result = try run.finish()
    findings.end()
    if !isQuiet { say(result) }
    console.complain(of: (target as? FileTarget)?.files)
    return findings.hasErrors ? .faults : .clean
  }

  private func say(_ result: Conversion) {
    var text: String
    if result.requests == 0 {
      text = "nothing written"
    } else {
      text = "\(result.requests) request\(result.requests == 1 ? "" : "s")"
      if !result.files.isEmpty { text += " to \(result.files.map(\.description).joined(separator: ", "))" }
    }
    if result.skipped > 0, result.requests > 0 { text += "; \(result.skipped) left out" }
    if result.blankLines > 0 { text += "; \(result.blankLines) blank line\(result.blankLines == 1 ? "" : "s") skipped" }
    console.complain(text)
  }
}
