import Foundation
import JSONLines

/// The owner, group and mode of a file that will be replaced. They are given to the file that replaces it, as far as
/// the system allows.
package struct FileAttributes {
  /// Something that the replaced file had and the new file has not.
  package enum Loss: Hashable, Sendable {
    /// The file's other names, this many, which still lead to the old content.
    case hardLinks(Int)
    case extendedAttributes
    /// The owner or group, and with them the set-user-ID and set-group-ID bits.
    case owner
  }

  private let owner: uid_t
  private let group: gid_t
  private let mode: mode_t
  /// How many names (hard links) the file has.
  private let names: Int
  private let hasExtendedAttributes: Bool

  /// The attributes of the file that a path leads to; nil where there is none.
  init?(of path: Path) {
    guard let status = path.status else { return nil }
    owner = status.st_uid
    group = status.st_gid
    mode = status.st_mode & 0o7777
    names = Int(status.st_nlink)
    hasExtendedAttributes = ExtendedAttributes.exist(at: path)
  }

  /// Gives the attributes to an open file.
  /// - Returns: what the open file could not be given, or the system's error.
  func give(to descriptor: Int32) -> Result<[Loss], SystemError> {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return .failure(SystemError(code: errno)) }
    var losses: [Loss] = names > 1 ? [.hardLinks(names - 1)] : []
    if hasExtendedAttributes { losses.append(.extendedAttributes) }
    var mode = mode
    if status.st_uid != owner || status.st_gid != group {
      switch FileAttributes.change(descriptor, owner, group) {
      case .success(true): break
      case .success(false):
        losses.append(.owner)
        // These bits let a program run with its owner's or group's rights. The new file has another owner or group, so
        // they would grant rights that the old file did not.
        mode &= ~(S_ISUID | S_ISGID)
      case .failure(let error): return .failure(error)
      }
    }
    // The mode is set after the owner, because the system clears those bits when the owner changes.
    guard fchmod(descriptor, mode) == 0 else { return .failure(SystemError(code: errno)) }
    return .success(losses)
  }

  /// Changes the owner and group of an open file, or only the group where the user may not change the owner.
  /// - Returns: whether both were changed, or the system's error.
  private static func change(_ descriptor: Int32, _ owner: uid_t, _ group: gid_t) -> Result<Bool, SystemError> {
    if fchown(descriptor, owner, group) == 0 { return .success(true) }
    // EPERM: this user may not do so. EINVAL: the owner is not known in this container.
    guard errno == EPERM || errno == EINVAL else { return .failure(SystemError(code: errno)) }
    // Only root may give a file to another owner, but users may give their files to any group that they belong to.
    if fchown(descriptor, uid_t.max, group) != 0, errno != EPERM, errno != EINVAL {
      return .failure(SystemError(code: errno))
    }
    return .success(false)
  }

  /// The mode of a new file: what the process's umask leaves of reading and writing for all.
  static let usualMode: mode_t = {
    // The only way to read the umask is to set it.
    let mask = umask(0o022)
    umask(mask)
    return 0o666 & ~mask
  }()
}

/// An error of the system, by its number (`errno`).
struct SystemError: Error { var code: Int32 }

extension [FileAttributes.Loss] {
  /// The losses in words, to follow the file's name and a colon; nil where nothing is lost.
  package var sentence: String? {
    if isEmpty { return nil }
    return map { loss in
      switch loss {
      case .hardLinks(let count):
        "\(count) other name\(count == 1 ? "" : "s") of the file (hard links) keep\(count == 1 ? "s" : "") the old content"
      case .extendedAttributes: "its extended attributes are lost"
      case .owner: "its owner or group could not be kept"
      }
    }.joined(separator: "; ")
  }
}

/// Extended attributes: what a file system keeps beside a file's content, such as access lists, labels and comments.
private enum ExtendedAttributes {
  /// Attributes that the system gives to each new file by itself, so that they are not lost.
  private static let automatic = ["security.selinux"]

  static func exist(at path: Path) -> Bool {
    var names = [CChar](repeating: 0, count: 1 << 16)
    let count = path.withCString { list($0, &names, names.count) }
    if count < 0 { return errno == ERANGE }
    let words = names[..<count].map { UInt8(bitPattern: $0) }.split(separator: 0)
    return words.contains { word in !automatic.contains { $0.utf8.elementsEqual(word) } }
  }

  #if os(Linux)
    private typealias List = @convention(c) (UnsafePointer<CChar>, UnsafeMutablePointer<CChar>?, Int) -> Int

    /// `listxattr`, which Swift's overlay of the C library leaves out. Where the function cannot be found at run time,
    /// no loss of extended attributes is reported.
    private static func list(_ path: UnsafePointer<CChar>, _ names: UnsafeMutablePointer<CChar>, _ size: Int) -> Int {
      guard let function = dlsym(nil, "listxattr") else { return 0 }
      return unsafeBitCast(function, to: List.self)(path, names, size)
    }
  #else
    private static func list(_ path: UnsafePointer<CChar>, _ names: UnsafeMutablePointer<CChar>, _ size: Int) -> Int {
      listxattr(path, names, size, 0)
    }
  #endif
}
