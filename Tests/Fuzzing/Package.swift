// swift-tools-version: 6.2
import PackageDescription

/// Looks for bytes that break a reader of the HTTP server: `make fuzz`. Apart from the package it tests, because every
/// module of it is built with the fuzzer's counters and AddressSanitizer.
let package = Package(
    name: "fuzzing",
    dependencies: [.package(name: "daybreak", path: "../..")],
    targets: [
        .executableTarget(
            name: "Fuzz",
            dependencies: [.product(name: "HTTP", package: "daybreak")],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                // The fuzzer brings the main function.
                .unsafeFlags(["-parse-as-library"]),
            ])
    ],
    swiftLanguageModes: [.v6]
)
