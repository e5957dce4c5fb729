import BatchFile
import Foundation
import JSONLines

/// Sends requests by the program `curl`, one child process a request.
///
/// URLSession of FoundationNetworking sends the key to the host of a redirect, keeps large downloads in memory and can
/// take the process down; curl is where it is needed, honours proxies and HTTP/2, and whatever becomes of it, this
/// process goes on.
///
/// A child is waited for on a thread of its own, so the cooperative pool is never blocked. No signal handler is
/// installed, and a host that ignores SIGCHLD is coped with.
public struct CurlTransport: Transport {
  /// The largest reply that is kept in memory, in bytes.
  static let memoryLimit = 16 << 20

  private let path: String
  private let environment: [String]

  /// Uses the first `curl` in the absolute folders of `PATH`.
  ///
  /// - Parameter environment: of which curl gets what it needs (proxies, certificates, language) and nothing else: no
  ///   variable with a key reaches it.
  /// - Throws: ``TransportError`` where there is none.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) throws(TransportError) {
    guard let path = CurlTransport.find(environment["PATH"] ?? "/usr/bin:/bin") else {
      throw TransportError(.unusable, "there is no 'curl' on the PATH", bytesSent: 0)
    }
    self.init(curl: path, environment: environment)
  }

  /// Uses this program.
  public init(curl path: String, environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.path = path
    self.environment = environment.filter { CurlTransport.passes($0.key) }.map { "\($0.key)=\($0.value)" }.sorted()
  }

  public func send(_ request: APIRequest) async throws(TransportError) -> APIResponse {
    guard let address = WebAddress(request.url) else {
      throw TransportError(.unusable, "no address that can be asked", bytesSent: 0)
    }
    // What ends the body must not be foreseeable by the server that writes the body.
    let marker = "batchfile-\(UInt64.random(in: .min ... .max))-\(UInt64.random(in: .min ... .max))"
    let configuration = try CurlConfiguration(request, address: address, marker: marker)
    if let destination = request.destination { try CurlTransport.make(destination) }
    if Task.isCancelled { throw TransportError(.cancelled, "cancelled", bytesSent: 0) }
    let child = CurlChild(path: path, environment: environment, input: configuration.text, request: request)
    let exit = await child.run()
    return try CurlReply(exit, marker: marker).response(to: request)
  }

  /// Answers are for the owner only, and curl would make the file for everybody.
  private static func make(_ path: Path) throws(TransportError) {
    let descriptor = path.opened(O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
    guard descriptor >= 0 else {
      throw TransportError(.unusable, "\(path): \(String(cString: strerror(errno)))", bytesSent: 0)
    }
    close(descriptor)
  }

  /// A relative folder, or an empty name, which means the current one, would run what a repository brings along.
  private static func find(_ path: String) -> String? {
    path.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/curl" }.first { candidate in
      var status = stat()
      return access(candidate, X_OK) == 0 && stat(candidate, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
  }

  private static func passes(_ name: String) -> Bool {
    let lowered = name.lowercased()
    return lowered.hasSuffix("_proxy") || name.hasPrefix("LC_") || name.hasPrefix("DYLD_") || names.contains(name)
  }

  private static let names: Set<String> = [
    "PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "CURL_CA_BUNDLE", "NIX_SSL_CERT_FILE", "OPENSSL_CONF", "RES_OPTIONS", "LOCALDOMAIN", "HOSTALIASES",
    "KRB5CCNAME", "KRB5_CONFIG",
  ]
}
