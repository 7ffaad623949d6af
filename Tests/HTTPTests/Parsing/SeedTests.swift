import Foundation
import Testing

@testable import HTTP

/// The seeds of `make fuzz`, tried without a fuzzer: whatever it once found stays found.
struct SeedTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fuzzing/Corpus")

    @Test(arguments: FuzzTarget.allCases)
    func `what must hold of any bytes holds of every seed`(target: FuzzTarget) throws {
        let folder = SeedTests.folder.appending(path: target.rawValue)
        let seeds = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(seeds.count >= 5)
        for seed in seeds {
            do {
                try target.check(Array(Data(contentsOf: seed)))
            } catch {
                Issue.record("\(seed.lastPathComponent): \(error)")
            }
        }
    }

    @Test func `there is a folder of seeds for each reader, and no other`() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: SeedTests.folder.path(percentEncoded: false))
        #expect(Set(folders) == Set(FuzzTarget.allCases.map(\.rawValue)))
    }
}
