// swift-tools-version: 6.2
import PackageDescription

/// Measurements of the house's rooms, apart from the package they measure: `make bench`. Only here are the peers, and
/// what they bring along, ever fetched.
let package = Package(
    name: "benchmarks",
    dependencies: [
        .package(name: "daybreak", path: ".."),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", exact: "2.1.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1"),
        .package(url: "https://github.com/swhitty/FlyingFox.git", exact: "0.27.1"),
    ],
    targets: [
        .executableTarget(
            name: "TemplateBenchmark",
            dependencies: [
                .product(name: "Markup", package: "daybreak"),
                .product(name: "Mustache", package: "swift-mustache"),
            ]),

        .executableTarget(
            name: "SchedulerBenchmark", dependencies: [.product(name: "Compute", package: "daybreak")]),

        .executableTarget(
            name: "AllocationBenchmark",
            dependencies: ["BenchmarkKit", .product(name: "Networking", package: "daybreak")],
            resources: [.copy("fill.sql")]),

        // How servers are started, asked and watched, and how figures are written down.
        .target(name: "BenchmarkKit", resources: [.copy("report.lua"), .copy("instances.sql")]),
        .executableTarget(name: "HTTPBenchmark", dependencies: ["BenchmarkKit"]),
        .target(name: "CPoll"),
        .executableTarget(name: "HostileBenchmark", dependencies: ["BenchmarkKit", "CPoll"]),
        // A page of the program itself, which `make build` makes.
        .executableTarget(name: "PageBenchmark", dependencies: ["BenchmarkKit"]),
        // And its JSON.
        .executableTarget(name: "APIBenchmark", dependencies: ["BenchmarkKit"]),
        .target(name: "CPlainLibvirt", linkerSettings: [.linkedLibrary("virt")]),
        // The program again, on libvirt.
        .executableTarget(
            name: "LaunchBenchmark", dependencies: ["BenchmarkKit", "CPlainLibvirt"],
            resources: [.copy("launch.sql")]),
        .target(name: "ResponderOptions"),
        .executableTarget(name: "CResponder", cSettings: [.unsafeFlags(["-O2"])]),
        .executableTarget(
            name: "DaybreakResponder",
            dependencies: [
                "ResponderOptions",
                .product(name: "HTTP", package: "daybreak"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .executableTarget(
            name: "HummingbirdResponder",
            dependencies: ["ResponderOptions", .product(name: "Hummingbird", package: "hummingbird")]),
        .executableTarget(
            name: "FlyingFoxResponder",
            dependencies: ["ResponderOptions", .product(name: "FlyingFox", package: "FlyingFox")]),
    ],
    swiftLanguageModes: [.v6]
)
