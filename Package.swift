// swift-tools-version: 6.1
import PackageDescription

// Each target is one step of the data's way; imports go down this list only
// (Tests/PackageTests/ImportDirectionTests.swift reads every import and holds them to it).
let package = Package(
  name: "wherefore",
  products: [
    .executable(name: "wherefore", targets: ["WhereforeCommand"]),
    .library(name: "Wherefore", targets: ["Wherefore"]),
    .library(name: "Statistics", targets: ["Statistics"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CLAPACK"),
    .systemLibrary(name: "COpenSSL"),
    .target(name: "LinearAlgebra", dependencies: ["CLAPACK"]),
    .target(
      name: "Statistics",
      dependencies: ["LinearAlgebra", .product(name: "RealModule", package: "swift-numerics")]),
    .target(
      name: "InteractionLog",
      dependencies: [
        .product(name: "OrderedCollections", package: "swift-collections"),
        .product(name: "Yams", package: "Yams"),
      ]),
    .target(name: "FailureModes", dependencies: ["InteractionLog"]),
    .target(
      name: "RepeatContacts", dependencies: ["InteractionLog", "FailureModes", "Statistics"]),
    .target(name: "Execution", dependencies: ["RepeatContacts", "Statistics"]),
    .target(name: "Attribution", dependencies: ["RepeatContacts", "Execution"]),
    .target(name: "WhatIf", dependencies: ["Attribution"]),
    .target(
      name: "Report",
      dependencies: [
        "InteractionLog", "Attribution", "WhatIf",
        .product(name: "Mustache", package: "swift-mustache"),
      ]),
    .target(name: "SyntheticWorld", dependencies: ["InteractionLog", "Statistics"]),
    .target(
      name: "Wherefore",
      dependencies: [
        "Report", "SyntheticWorld", "WhatIf", "COpenSSL",
      ]),
    .executableTarget(
      name: "WhereforeCommand",
      dependencies: [
        "Wherefore", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "Benchmarks", dependencies: ["LinearAlgebra", "Statistics"], exclude: ["Peers"]),
    .testTarget(name: "LinearAlgebraTests", dependencies: ["LinearAlgebra"]),
    .testTarget(
      name: "StatisticsTests", dependencies: ["Statistics"], exclude: ["Goldens"]),
    .testTarget(name: "InteractionLogTests", dependencies: ["InteractionLog"]),
    .testTarget(name: "FailureModesTests", dependencies: ["FailureModes"]),
    .testTarget(
      name: "RepeatContactsTests",
      dependencies: ["RepeatContacts", "Execution", "SyntheticWorld"]),
    .testTarget(name: "AttributionTests", dependencies: ["Attribution", "SyntheticWorld"]),
    .testTarget(
      name: "WhatIfTests", dependencies: ["WhatIf", "SyntheticWorld"], exclude: ["Goldens"]),
    .testTarget(name: "ReportTests", dependencies: ["Report"]),
    .testTarget(name: "SyntheticWorldTests", dependencies: ["SyntheticWorld"]),
    .testTarget(name: "WhereforeTests", dependencies: ["Wherefore"]),
    .testTarget(name: "PackageTests", dependencies: []),
  ]
)
