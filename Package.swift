// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "batchfile",
  platforms: [.macOS(.v13)],
  products: [
    .library(name: "BatchFile", targets: ["BatchFile"]),
    .library(name: "BatchClient", targets: ["BatchClient"]),
    .executable(name: "batchfile", targets: ["BatchFileCommand"]),
  ],
  targets: [
    .target(name: "JSONLines"),
    .target(name: "BatchFile", dependencies: ["JSONLines"]),
    .target(name: "BatchClient", dependencies: ["BatchFile", "JSONLines"]),
    .executableTarget(name: "BatchFileCommand", dependencies: ["BatchClient", "BatchFile", "JSONLines"]),
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .testTarget(name: "TestSupportTests", dependencies: ["TestSupport"]),
    .testTarget(name: "JSONLinesTests", dependencies: ["JSONLines", "TestSupport"]),
    .testTarget(name: "BatchFileTests", dependencies: ["BatchFile", "JSONLines", "TestSupport"]),
    .testTarget(name: "BatchClientTests", dependencies: ["BatchClient", "BatchFile", "JSONLines", "TestSupport"]),
    .testTarget(name: "CommandTests", dependencies: ["BatchClient", "BatchFile", "BatchFileCommand", "TestSupport"]),
    .testTarget(name: "RunTests", dependencies: ["BatchFileCommand", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)
