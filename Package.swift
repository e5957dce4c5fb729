// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "batchfile",
  platforms: [.macOS(.v13)],
  products: [
    .library(name: "BatchFile", targets: ["BatchFile"]),
    .executable(name: "batchfile", targets: ["BatchFileCommand"]),
  ],
  targets: [
    .target(name: "JSONLines"),
    .target(name: "BatchFile", dependencies: ["JSONLines"]),
    .executableTarget(name: "BatchFileCommand", dependencies: ["BatchFile", "JSONLines"]),
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .testTarget(name: "TestSupportTests", dependencies: ["TestSupport"]),
    .testTarget(name: "JSONLinesTests", dependencies: ["JSONLines", "TestSupport"]),
    .testTarget(name: "BatchFileTests", dependencies: ["BatchFile", "JSONLines", "TestSupport"]),
    .testTarget(name: "CommandTests", dependencies: ["BatchFile", "BatchFileCommand", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)
