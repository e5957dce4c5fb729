import BatchFile

extension Subcommand {
  static let completion = Subcommand(
    name: "completion",
    summary: "Print a script that completes words in a shell.",
    usage: "bash|zsh|fish",
    discussion:
      "For bash: `source <(batchfile completion bash)`; for zsh: `batchfile completion zsh > _batchfile` in a "
      + "folder of $fpath; for fish: `batchfile completion fish > ~/.config/fish/completions/batchfile.fish`.",
    flags: [],
    operands: CompletionCommand.Shell.allCases.map(\.rawValue),
    run: { try CompletionCommand.run($0, $1) })
}

/// Writes completion scripts, made from the same tables that the parser reads.
enum CompletionCommand {
  enum Shell: String, CaseIterable { case bash, zsh, fish }

  static func run(_ arguments: Arguments, _ console: Console) throws -> ExitStatus {
    let shells = Shell.allCases.map(\.rawValue)
    guard arguments.operands.count == 1, let word = arguments.operands.first else {
      throw UsageError("'completion' takes one shell: \(shells.joined(separator: ", "))")
    }
    guard let shell = Shell(rawValue: word) else {
      throw UsageError(
        "unknown shell '\(word)'", word: word, among: shells, note: "there are \(shells.joined(separator: ", "))")
    }
    switch shell {
    case .bash: console.output.write(bash)
    case .zsh: console.output.write(zsh)
    case .fish: console.output.write(fish)
    }
    return .clean
  }

  private static var names: [String] { Subcommand.all.map(\.name) + ["help"] }

  // MARK: - bash

  /// The script for bash. Where a file's name is to be completed, the reply stays empty: then bash completes it itself,
  /// and quotes names with spaces.
  private static var bash: String {
    var text = """
      _batchfile() {
        local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" command="${COMP_WORDS[1]}"
        COMPREPLY=()
        if [ "$COMP_CWORD" -eq 1 ]; then
          COMPREPLY=($(compgen -W "\(names.joined(separator: " ")) --help --version" -- "$word"))
          return
        fi
        # bash takes --name=value for three words.
        if [ "$word" = "=" ]; then
          word=
        elif [ "$before" = "=" ]; then
          before="${COMP_WORDS[COMP_CWORD-2]}"
        fi
        case "$command $before" in

      """
    for command in Subcommand.all {
      for flag in command.allFlags where flag.value != nil {
        let spellings = [flag.name, flag.short].compactMap { $0 }.map { "\"\(command.name) \($0)\"" }
        text += "    \(spellings.joined(separator: "|"))) \(reply(flag.values))return ;;\n"
      }
    }
    text += "  esac\n  case \"$command\" in\n"
    for command in Subcommand.all {
      text += "    \(command.name))\n"
      text += "      if [ \"${word:0:1}\" = - ]; then \(reply(command.allFlags.map(\.name)))return; fi\n"
      text += "      \(reply(command.operands));;\n"
    }
    text += "    help) \(reply(Subcommand.all.map(\.name)));;\n"
    return text + "  esac\n}\ncomplete -o default -F _batchfile batchfile\n"
  }

  private static func reply(_ words: [String]) -> String {
    words.isEmpty ? "" : "COMPREPLY=($(compgen -W \"\(words.joined(separator: " "))\" -- \"$word\")); "
  }

  // MARK: - zsh

  private static var zsh: String {
    var text = "#compdef batchfile\n\n_batchfile() {\n  local -a commands\n  commands=(\n"
    for command in Subcommand.all { text += "    '\(command.name):\(quoted(command.summary))'\n" }
    text += "    'help:Show the help of a subcommand.'\n  )\n"
    text += "  if (( CURRENT == 2 )); then _describe command commands; return; fi\n  case $words[2] in\n"
    for command in Subcommand.all {
      text += "    \(command.name))\n      _arguments \\\n"
      for flag in command.allFlags {
        let repeats = flag.isRepeatable ? "*" : ""
        let value = flag.value.map {
          ":\($0):" + (flag.values.isEmpty ? "_files" : "(\(flag.values.joined(separator: " ")))")
        }
        text += "        '\(repeats)\(flag.name)[\(bracketed(flag.help))]\(value ?? "")' \\\n"
      }
      let words = command.operands
      text += "        '*:file:\(words.isEmpty ? "_files" : "(\(words.joined(separator: " ")))")' ;;\n"
    }
    text += "    help) _describe command commands ;;\n  esac\n}\n\n_batchfile \"$@\"\n"
    return text
  }

  private static func quoted(_ text: String) -> String {
    text.replacing("'", with: "'\\''").replacing(":", with: "\\:")
  }

  private static func bracketed(_ text: String) -> String {
    text.replacing("'", with: "'\\''").replacing("[", with: "\\[").replacing("]", with: "\\]")
  }

  // MARK: - fish

  private static var fish: String {
    var text = "complete -c batchfile -n __fish_use_subcommand -f\n"
    for command in Subcommand.all {
      text += "complete -c batchfile -n __fish_use_subcommand -a \(command.name) -d \"\(escaped(command.summary))\"\n"
      let condition = "-n '__fish_seen_subcommand_from \(command.name)'"
      for flag in command.allFlags {
        var line = "complete -c batchfile \(condition) -l \(flag.name.dropFirst(2))"
        if let short = flag.short { line += " -s \(short.dropFirst())" }
        if flag.value != nil { line += " -r" }
        if !flag.values.isEmpty { line += " -f -a \"\(flag.values.joined(separator: " "))\"" }
        text += "\(line) -d \"\(escaped(flag.help))\"\n"
      }
      let words = command.operands
      if !words.isEmpty { text += "complete -c batchfile \(condition) -f -a \"\(words.joined(separator: " "))\"\n" }
    }
    return text
      + "complete -c batchfile -n '__fish_seen_subcommand_from help' -f -a \"\(Subcommand.all.map(\.name).joined(separator: " "))\"\n"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\"", with: "\\\"").replacing("$", with: "\\$")
  }
}
