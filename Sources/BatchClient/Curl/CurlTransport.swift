import BatchFile
import Foundation
import JSONLines

/// Sends requests with the program `curl`, in one child process for each request.
///
/// URLSession of FoundationNetworking sends the key to the host of a redirect, keeps large downloads in memory, and can
/// crash the process. curl is installed on most machines, supports proxies and HTTP/2, and cannot crash this process.
///
/// Each process is waited for on a thread of its own, so that Swift's cooperative threads are never blocked. No signal
/// handler is installed, and a program that ignores SIGCHLD can use this too.
public struct CurlTransport: Transport {
  /// The most bytes of a reply that is kept in memory.
  static let memoryLimit = 16 << 20

  private let path: String
  private let environment: [String]

  /// Uses the first `curl` in the absolute folders of `PATH`.
  ///
  /// - Parameter environment: the environment, of which curl gets only the variables that it needs (proxies,
  ///   certificates, language), and so none with a key.
  /// - Throws: ``TransportError`` where there is no curl.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) throws(TransportError) {
    guard let path = CurlTransport.find(environment["PATH"] ?? "/usr/bin:/bin") else {
      throw TransportError(.unusable, "there is no 'curl' on the PATH", bytesSent: 0)
    }
    self.init(curl: path, environment: environment)
  }

  /// Uses the curl at this path.
  public init(curl path: String, environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.path = path
    self.environment = environment.filter { CurlTransport.passes($0.key) }.map { "\($0.key)=\($0.value)" }.sorted()
  }

  public func send(_ request: APIRequest) async throws(TransportError) -> APIResponse {
    guard let address = WebAddress(request.url) else {
      throw TransportError(.unusable, "no address that can be asked", bytesSent: 0)
    }
    // The server that sends the body must not be able to guess the text that ends the body.
    let marker = "batchfile-\(UInt64.random(in: .min ... .max))-\(UInt64.random(in: .min ... .max))"
    let configuration = try CurlConfiguration(request, address: address, marker: marker)
    if let destination = request.destination { try CurlTransport.make(destination) }
    if Task.isCancelled { throw TransportError(.cancelled, "cancelled", bytesSent: 0) }
    let child = CurlChild(path: path, environment: environment, input: configuration.text, request: request)
    let exit = await child.run()
    return try CurlReply(exit, marker: marker).response(to: request)
  }

  /// Makes the file for a download, which only its owner may read. curl would make it readable for all.
  private static func make(_ path: Path) throws(TransportError) {
    let descriptor = path.opened(O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
    guard descriptor >= 0 else {
      throw TransportError(.unusable, "\(path): \(String(cString: strerror(errno)))", bytesSent: 0)
    }
    close(descriptor)
  }

  /// The first curl on the path. Only absolute folders count: with a relative one, or an empty name that means the
  /// current folder, a program in a repository could be run instead.
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
