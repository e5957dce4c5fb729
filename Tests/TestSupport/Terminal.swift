import Foundation

/// A terminal that a program writes to: what it wrote, and what stands on the screen then.
package final class Terminal: @unchecked Sendable {
  // Checked by hand: what changes is read and written under the lock.
  private let lock = NSLock()
  private var written: [UInt8] = []
  private var picture: TerminalPicture
  /// How many bytes of the text are in the picture.
  private var pictured = 0
  private let master: Int32
  /// The program's end.
  package let program: FileHandle

  package struct Unavailable: Error {}

  package init(columns: Int = 100, rows: Int = 24) throws {
    picture = TerminalPicture(columns: columns)
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard master >= 0, let name = Terminal.name(of: master) else { throw Unavailable() }
    let slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard slave >= 0 else { throw Unavailable() }
    var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(slave, UInt(TIOCSWINSZ), &size)
    program = FileHandle(fileDescriptor: slave, closeOnDealloc: true)
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
  }

  /// The other end's name, once it is unlocked.
  private static func name(of master: Int32) -> String? {
    #if os(Linux)
      // TIOCSPTLCK and TIOCGPTN, macros that Swift does not see; nor does it see grantpt and its kin.
      var (unlocked, number): (Int32, UInt32) = (0, 0)
      guard ioctl(master, 0x4004_5431, &unlocked) == 0, ioctl(master, 0x8004_5430, &number) == 0 else { return nil }
      return "/dev/pts/\(number)"
    #else
      guard grantpt(master) == 0, unlockpt(master) == 0, let name = ptsname(master) else { return nil }
      return String(cString: name)
    #endif
  }

  deinit { close(master) }

  /// All that came so far. It is read when it is asked for: ask while the program runs, or it waits for room.
  package var text: String {
    lock.withLock {
      var chunk = [UInt8](repeating: 0, count: 1 << 14)
      while true {
        let count = read(master, &chunk, chunk.count)
        if count <= 0 { break }
        written += chunk[..<count]
      }
      return String(decoding: written, as: UTF8.self)
    }
  }

  /// The lines that stand on an endless screen after all that came so far, without spaces at their ends.
  package var screen: [String] {
    let bytes = text.utf8
    return lock.withLock {
      picture.take(bytes.dropFirst(pictured))
      pictured = bytes.count
      return picture.lines
    }
  }
}

/// What a terminal makes of the few commands that there are: the cursor up, wiping to the end of the line and of the
/// screen. A text without a width of its own takes a cell a character.
struct TerminalPicture {
  let columns: Int
  /// The bytes of each cell.
  private var cells: [[[UInt8]]] = [[]]
  private var (row, column) = (0, 0)
  /// The command that began with an escape, as far as it came.
  private var command: [UInt8]?

  init(columns: Int) { self.columns = columns }

  var lines: [String] {
    cells.map { line in
      String(String(decoding: line.joined(), as: UTF8.self).reversed().drop { $0 == " " }.reversed())
    }
  }

  mutating func take(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      if command != nil {
        command?.append(byte)
        if byte >= 0x41 && byte != UInt8(ascii: "[") { obey() }
        continue
      }
      switch byte {
      case 0x1B: command = []
      case 0x0D: column = 0
      case 0x0A: down()
      case 0x80..<0xC0: cells[row][column - 1].append(byte)
      default: put(byte)
      }
    }
  }

  private mutating func down() {
    row += 1
    if row == cells.count { cells.append([]) }
  }

  private mutating func put(_ byte: UInt8) {
    if column == columns {
      column = 0
      down()
    }
    while cells[row].count <= column { cells[row].append([0x20]) }
    cells[row][column] = [byte]
    column += 1
  }

  private mutating func obey() {
    let text = String(decoding: command ?? [], as: UTF8.self)
    command = nil
    let number = Int(text.dropFirst().dropLast()) ?? 1
    switch text.last {
    case "A": row = max(0, row - number)
    case "K": cells[row] = Array(cells[row].prefix(column))
    case "J":
      cells[row] = Array(cells[row].prefix(column))
      cells.removeSubrange((row + 1)...)
    default: cells[row].append(Array("<unknown command>".utf8))
    }
  }
}

extension RunningProgram {
  /// Waits until the screen is so, or the program has ended, or two minutes.
  package func until(_ terminal: Terminal, _ condition: ([String]) -> Bool) async throws {
    let end = Date().addingTimeInterval(120)
    while isRunning, Date() < end, !condition(terminal.screen) { try await Task.sleep(for: .milliseconds(5)) }
  }

  /// Waits for its end, and reads what it writes meanwhile.
  package func finished(_ terminal: Terminal) async throws -> Program.Outcome {
    while isRunning {
      _ = terminal.text
      try await Task.sleep(for: .milliseconds(5))
    }
    var outcome = try wait()
    outcome.errors = terminal.text
    return outcome
  }
}
