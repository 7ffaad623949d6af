// swift-tools-version: 6.2
import PackageDescription

/// Every target is compiled with the same strictness: an import is visible only where it is written, an import becomes
/// part of a public interface only where somebody writes `public import`, and existentials are spelled `any`.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// For the one room whose every instruction is multiplied by all requests: the checks at run time that nobody changes what
/// somebody else is just changing are left to the debug builds, in which the tests run. They take 3 % of a request.
let unchecked: [SwiftSetting] = [
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))
]

/// A library target of the house. `dependencies` is the complete list of what it may import; the build refuses others
/// (`--explicit-target-dependency-import-check error`, see the Makefile).
func room(
    _ name: String, _ dependencies: [Target.Dependency] = [], _ settings: [SwiftSetting] = [],
    resources: [Resource] = []
) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict + settings)
}

func tests(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], resources: [Resource] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies + ["TestSupport"], exclude: exclude, resources: resources,
        swiftSettings: strict)
}

/// A C library of the system, imported by exactly one target.
func system(_ name: String, pkgConfig: String, apt: String) -> Target {
    .systemLibrary(
        name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let services: [Target.Dependency] = [
    "ServiceCore", "Identity", "Images", "Networking", "BlockStorage", "Compute",
]

let package = Package(
    name: "daybreak",
    products: [
        // For the separate package of benchmarks.
        .library(name: "HTTP", targets: ["HTTP"]),
        .library(name: "Markup", targets: ["Markup"]),
        .library(name: "Compute", targets: ["Compute"]),
        .library(name: "Networking", targets: ["Networking", "ServiceCore", "Database", "ComputeHost"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
        // Test target only: the second opinion on our template engine.
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", exact: "2.1.1"),
    ],
    targets: [
        .target(name: "CLinux", path: "Sources/System/CLinux"),
        .target(name: "CSpawn", path: "Sources/System/CSpawn"),
        .target(name: "CYield", path: "Sources/System/CYield"),
        system("CLibXML2", pkgConfig: "libxml-2.0", apt: "libxml2-dev"),
        system("CLibvirt", pkgConfig: "libvirt", apt: "libvirt-dev"),
        system("CMemcached", pkgConfig: "libmemcached", apt: "libmemcached-dev"),
        system("COpenSSL", pkgConfig: "openssl", apt: "libssl-dev"),
        system("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),

        room("HTTP", ["CLinux", "CZlib", "Cryptography", log], unchecked),
        room("Markup", ["CLibXML2"]),
        room(
            "Database",
            [.product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift")]),
        room("Cryptography", ["COpenSSL", "CYield"]),
        room("ServiceCore", ["Database", "Cryptography", log]),
        room("ComputeHost", ["Cryptography"]),
        // The script that builds the guest is part of the program, which therefore works wherever it is copied.
        room(
            "LibvirtHost", ["ComputeHost", "Markup", "CLibvirt", "CSpawn", log],
            resources: [.embedInCode("Guest/build-guest.sh")]),
        room("Identity", ["ServiceCore", "Database", "Cryptography", log]),
        room("Images", ["ServiceCore", "Database", "ComputeHost", "Cryptography", log]),
        room("Networking", ["ServiceCore", "Database", "ComputeHost", log]),
        room("BlockStorage", ["ServiceCore", "Database", "ComputeHost", "Images", log]),
        room(
            "Compute",
            [
                "ServiceCore", "Database", "ComputeHost", "Cryptography", "Images", "Networking", "BlockStorage", log,
            ]),
        room("API", ["HTTP", log] + services),
        room("Dashboard", ["HTTP", "Markup", "CMemcached", "Cryptography", log] + services),
        .executableTarget(
            name: "daybreak",
            dependencies: [
                "HTTP", "Markup", "Database", "Cryptography", "ComputeHost", "LibvirtHost", "API", "Dashboard", log,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ] + services,
            swiftSettings: strict),

        // Gives every run of tests a folder for temporary files.
        .target(name: "CTestFolder", path: "Tests/CTestFolder"),
        .target(
            name: "TestSupport", dependencies: ["ComputeHost", "Database", "CSpawn", "CTestFolder"],
            path: "Tests/TestSupport",
            swiftSettings: strict),
        tests("HTTPTests", ["HTTP", "CZlib", log]),
        tests("MarkupTests", ["Markup", .product(name: "Mustache", package: "swift-mustache")]),
        tests("DatabaseTests", ["Database"]),
        tests("CryptographyTests", ["Cryptography"]),
        tests("ServiceCoreTests", ["ServiceCore", "Database", log], exclude: ["schema.sql"]),
        tests("ComputeHostTests", ["ComputeHost"]),
        tests(
            "LibvirtHostTests", ["LibvirtHost", "ComputeHost", "Compute", "Networking", "Markup"],
            resources: [.copy("Golden")]),
        tests(
            "IdentityTests", ["Identity", "ServiceCore", "Database", "Cryptography", log], exclude: ["schema.sql"]),
        tests(
            "ImagesTests", ["Images", "ServiceCore", "Database", "ComputeHost"], resources: [.copy("schema.sql")]),
        tests("NetworkingTests", ["Networking", "ServiceCore", "Database", "ComputeHost"]),
        tests(
            "ComputeTests", ["Database", "ComputeHost", "LibvirtHost"] + services,
            resources: [.copy("Stores/schema.sql")]),
        tests("APITests", ["API", "HTTP", "Database", "ComputeHost", "Cryptography", log] + services),
        tests(
            "DashboardTests",
            ["Dashboard", "API", "HTTP", "Markup", "Database", "ComputeHost", "Cryptography", log] + services),
        tests(
            "DaybreakTests",
            ["daybreak", "API", "HTTP", "Markup", "Database", "ComputeHost", "LibvirtHost", log] + services),
        tests("WallTests", []),
    ],
    swiftLanguageModes: [.v6]
)

// A sanitizer is built into everything it watches. With DAYBREAK_TESTS=HTTPTests the package is that test target and
// what it stands on, so that `make sanitize` need not build the whole house.
if let tests = Context.environment["DAYBREAK_TESTS"] {
    var wanted: Set = [tests]
    for _ in package.targets {
        for target in package.targets where wanted.contains(target.name) {
            for case .byNameItem(let name, _) in target.dependencies { wanted.insert(name) }
        }
    }
    package.targets.removeAll { !wanted.contains($0.name) }
    package.products = []
}
