import BatchFile
import Foundation

extension Subcommand {
  static let convert = Subcommand(
    name: "convert",
    summary: "Make batch files of prompts, tables and request bodies.",
    usage: "--model NAME [options] [input ...]",
    discussion: "Reads prompt lists (.txt), tables with a header (.csv, .tsv) and JSON (.json, .jsonl) and writes one "
      + "batch line for each prompt, row or object. An object with 'messages' is a request body and goes through byte "
      + "for byte; any other is a row, and templates say what becomes of its columns: '{column}' is filled in, '{{' "
      + "stands for a brace, '@file' reads the template from a file.\n"
      + "What is written passes `batchfile check`. Where a source cannot become such a line, findings name the "
      + "source's line and nothing is written, unless --skip-bad is given. Findings go to standard output, or to "
      + "standard error where the requests go to standard output.",
    flags: ConvertFlags.all,
    examples: [
      ("batchfile convert --model llama-3.1-8b-instant -o requests.jsonl prompts.txt", "a prompt a line"),
      (
        "batchfile convert --model llama-3.1-8b-instant --id 'row-{id}' --prompt 'Translate: {text}' table.csv",
        "a row a request, to standard output"
      ),
      ("batchfile convert --set temperature=0.2 -o requests.jsonl calls.json", "synchronous calls, with one change"),
    ],
    run: { try ConvertCommand(arguments: $0, console: $1).run() })
}

enum ConvertFlags {
  static let output = Flag(
    name: "--output", short: "-o", value: "FILE", help: "Where to write (default: standard output).")
  static let force = Flag(name: "--force", short: "-f", help: "Replace files that exist.")

  static let all =
    [
      output, force,
      Flag(
        name: "--from", value: "KIND", values: InputKind.allCases.map(\.rawValue),
        help: "What the input is: prompts, csv, tsv, json, jsonl (default: by the file's name)."),
      Flag(name: "--paragraphs", help: "Prompts are separated by blank lines."),
      Flag(name: "--null", short: "-0", help: "Prompts are separated by NUL."),
      Flag(name: "--prompt", value: "TEMPLATE", help: "The user message (default: '{prompt}')."),
      Flag(name: "--system", value: "TEMPLATE", help: "A system message (default: none)."),
      Flag(
        name: "--id", value: "TEMPLATE",
        help: "The custom_id (default: 'request-{n}'); {n} counts from 1, {line} is the source's line."),
      Flag(name: "--model", value: "NAME", help: "The model, where a body does not name one."),
      Flag(
        name: "--set", value: "PATH=JSON", isRepeatable: true,
        help: "Set or replace a member of the body, like temperature=0.2. Repeatable."),
      Flag(name: "--url", value: "PATH", help: "The endpoint (default: /v1/chat/completions)."),
      Flag(name: "--skip-bad", help: "Leave out what cannot become a request, and write the rest."),
      Flag(name: "--stdin-filename", value: "NAME", help: "What to call standard input."),
    ] + ProviderFlags.all.filter { !["--model", "--url"].contains($0.name) }
}

struct ConvertCommand {
  private let console: Console
  private let inputs: [(path: String, kind: InputKind)]
  private let inputName: String
  private let builder: BatchBuilder
  private let output: String?

  init(arguments: Arguments, console: Console) throws {
    self.console = console
    inputName = arguments.value("--stdin-filename") ?? "<stdin>"
    output = arguments.value("--output").flatMap { $0 == "-" ? nil : $0 }

    let forced = try arguments.choice("--from", InputKind.self)
    let paths = arguments.operands.isEmpty ? ["-"] : arguments.operands
    inputs = try paths.map { path in
      if let forced { return (path, forced) }
      if let kind = InputKind(path: path == "-" ? arguments.value("--stdin-filename") ?? "" : path) {
        return (path, kind)
      }
      throw UsageError(
        path == "-" ? "standard input needs --from" : "'\(path)': its name does not tell what it is; say --from",
        note: "it takes \(InputKind.allCases.map(\.rawValue).joined(separator: ", "))")
    }

    var recipe = ConversionRecipe()
    if let text = arguments.value("--prompt") { recipe.prompt = try ConvertCommand.template("--prompt", text) }
    if let text = arguments.value("--system") { recipe.system = try ConvertCommand.template("--system", text) }
    if let text = arguments.value("--id") { recipe.id = try ConvertCommand.template("--id", text) }
    recipe.model = arguments.value("--model")
    recipe.url = arguments.value("--url") ?? recipe.url
    for text in arguments.values("--set") {
      do { try recipe.settings.add(text) } catch { throw UsageError("'--set': \(error)") }
    }
    let rowsOnly = inputs.allSatisfy { [.prompts, .csv, .tsv].contains($0.kind) }
    if rowsOnly, recipe.model == nil, !recipe.settings.sets("model") {
      throw UsageError("prompts and tables name no model; say --model NAME")
    }

    if rowsOnly, recipe.settings.touches("messages") {
      throw UsageError("the messages of prompts and tables are made by --prompt and --system; --set cannot give them")
    }

    // The model of --model is accepted as `check --model` accepts it only where the provider knows it.
    var builder = BatchBuilder(recipe, provider: try ProviderFlags.provider(arguments, takesNames: false))
    builder.skipsBad = arguments.has("--skip-bad")
    builder.replacesFiles = arguments.has("--force")
    if arguments.has("--paragraphs"), arguments.has("--null") { throw UsageError("either --paragraphs or --null") }
    if arguments.has("--paragraphs") { builder.promptSeparator = .blankLine }
    if arguments.has("--null") { builder.promptSeparator = .null }
    self.builder = builder
  }

  private static func template(_ flag: String, _ text: String) throws -> Template {
    do {
      guard text.hasPrefix("@") else { return try Template(text) }
      let path = String(text.dropFirst())
      let handle = try InputError.open(path)
      let data = try handle.readToEnd() ?? Data()
      guard var content = String(data: data, encoding: .utf8) else { throw UsageError("'\(path)' is not UTF-8") }
      // Editors end the last line; the template does not.
      if content.hasSuffix("\r\n") || content.hasSuffix("\n") { content.removeLast() }
      return try Template(content)
    } catch let error as UsageError {
      throw error
    } catch {
      throw UsageError("'\(flag)' \(text): \(error)")
    }
  }

  func run() throws -> ExitStatus {
    let target: any ConversionTarget =
      if let output {
        FileTarget(
          try OutputFiles(path: output, replaces: builder.replacesFiles), provider: builder.provider)
      } else {
        StreamTarget(console.output, provider: builder.provider)
      }
    // Where the requests go to standard output, findings would get in among them.
    let out: any ByteSink = output == nil ? ErrorOutput(console) : console.output
    let findings = ConversionReport(out, console: console)
    let run = ConversionRun(builder, target: target, sink: findings)
    var status = ExitStatus.clean
    for (path, kind) in inputs {
      let name = path == "-" ? inputName : path
      let handle: FileHandle
      do {
        handle = path == "-" ? console.input : try InputError.open(path)
      } catch {
        console.complain("\(name): \(error)")
        status = .failed
        continue
      }
      findings.begin(name)
      let progress = Progress(console, name: name, handle: handle)
      defer {
        progress?.finish()
        if path != "-" { try? handle.close() }
      }
      do {
        try run.convert(handle, kind: kind, name: name) { progress?.update($0) }
      } catch let error as InputError {
        throw UsageFreeError("\(name): \(error)")
      } catch let error as MissingColumn {
        throw UsageFreeError("\(name): \(error)")
      }
    }
    // An input that could not be read must not lead to a file that looks complete.
    if status == .failed {
      target.discard()
      return status
    }
    let result = try run.finish()
    findings.end()
    say(result, findings.hasErrors)
    console.complain(ofLeftover: (target as? FileTarget)?.files)
    return findings.hasErrors ? .faults : .clean
  }

  private func say(_ result: Conversion, _ hasErrors: Bool) {
    var text: String
    if result.requests == 0 {
      text = "nothing written"
    } else {
      text = "\(result.requests) request\(result.requests == 1 ? "" : "s")"
      if !result.files.isEmpty { text += " to \(result.files.joined(separator: ", "))" }
    }
    if result.skipped > 0, result.requests > 0 { text += "; \(result.skipped) left out" }
    if result.blankLines > 0 { text += "; \(result.blankLines) blank line\(result.blankLines == 1 ? "" : "s") skipped" }
    console.complain(text)
  }
}

/// An error that is no question of usage: its text says it all.
struct UsageFreeError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Standard error as a place for a report.
final class ErrorOutput: ByteSink {
  private let console: Console
  init(_ console: Console) { self.console = console }
  func write(_ bytes: UnsafeRawBufferPointer) { console.draw(String(decoding: bytes, as: UTF8.self)) }
}

/// The findings of a conversion, for people.
final class ConversionReport: ConversionSink {
  private let report: any Report
  private var isOpen = false
  private(set) var hasErrors = false

  init(_ out: any ByteSink, console: Console) {
    var style = ReportStyle()
    style.hasClosingLine = false
    report = ReportFormat.concise.makeReport(out, style)
  }

  func begin(_ name: String) {
    end()
    report.begin(file: name)
    isOpen = true
  }

  func take(_ finding: Finding, input: String) {
    if finding.severity == .error { hasErrors = true }
    report.take(finding)
  }

  func end() {
    if isOpen { report.end(CheckSummary(), fileFindings: []) }
    isOpen = false
  }
}
