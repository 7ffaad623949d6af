// swift-tools-version: 6.2
import PackageDescription

/// Measurements of the house's rooms, apart from the package they measure: `make bench`.
let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(name: "daybreak", path: ".."),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", exact: "2.1.1"),
    ],
    targets: [
        .executableTarget(
            name: "TemplateBenchmark",
            dependencies: [
                .product(name: "Markup", package: "daybreak"),
                .product(name: "Mustache", package: "swift-mustache"),
            ])
    ],
    swiftLanguageModes: [.v6]
)
