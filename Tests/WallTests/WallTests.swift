import Testing

@Suite struct `The walls` {
    /// What comes with the toolchain and may be imported wherever the rules below do not say otherwise.
    private static let system: Set<String> = [
        "Swift", "Foundation", "FoundationEssentials", "FoundationNetworking", "FoundationXML", "Glibc", "Dispatch",
        "Synchronization", "Testing", "_Concurrency",
    ]

    private static func manifest() throws -> Manifest { Manifest(try SourceTree.text("Package.swift")) }

    @Test func `the manifest is understood`() throws {
        let manifest = try Self.manifest()
        #expect(manifest.allowed["HTTP"] == ["CLinux", "CZlib", "Cryptography", "Logging"])
        #expect(manifest.allowed["Compute"]?.isSuperset(of: ["ServiceCore", "Networking", "Logging"]) == true)
        #expect(manifest.allowed["API"]?.isSuperset(of: ["HTTP", "Identity", "Compute"]) == true)
        #expect(manifest.allowed["API"]?.contains("Markup") == false)
        #expect(manifest.allowed["daybreak"]?.isSuperset(of: ["ArgumentParser", "LibvirtHost"]) == true)
    }

    @Test func `every import is one that Package.swift allows`() throws {
        let manifest = try Self.manifest()
        for file in SourceTree.sources + SourceTree.tests where !file.path.hasPrefix("Sources/System") {
            let allowed = try #require(manifest.allowed[file.target], "\(file) belongs to no target")
            let strangers = Set(file.imports).subtracting(allowed).subtracting(Self.system)
            #expect(strangers.isEmpty, "\(file) imports \(strangers.sorted())")
        }
    }

    @Test(arguments: ["CLinux", "CLibXML2", "CLibvirt", "CMemcached", "COpenSSL", "CYield", "CZlib"])
    func `a C library has one importing target`(library: String) {
        let importers = Set(SourceTree.sources.filter { $0.imports.contains(library) }.map(\.target))
        #expect(importers.count <= 1, "\(library) is imported by \(importers.sorted())")
    }

    @Test func `the two front doors do not see each other`() throws {
        let manifest = try Self.manifest()
        #expect(manifest.allowed["API"]?.contains("Dashboard") == false)
        #expect(manifest.allowed["Dashboard"]?.contains("API") == false)
    }

    @Test func `HTTP does without Foundation`() {
        for file in SourceTree.sources where file.target == "HTTP" {
            #expect(!file.imports.contains { $0.hasPrefix("Foundation") }, "\(file)")
        }
    }

    @Test func `SQL stands in stores, and the engine in one target`() {
        let verbs = ["\"SELECT ", "\"INSERT ", "\"UPDATE ", "\"DELETE ", "\"CREATE TABLE"]
        for file in SourceTree.sources where !["Database", "System"].contains(file.target) {
            #expect(!file.imports.contains("GRDB"), "\(file) imports the database engine")
            if file.name.contains("Store") || file.name.contains("Schema") { continue }
            for (index, line) in file.lines.enumerated() {
                let code = line.drop { $0 == " " }
                let begins = ["SELECT ", "INSERT INTO ", "DELETE FROM "].contains { code.hasPrefix($0) }
                #expect(!begins && !verbs.contains { line.contains($0) }, "SQL in \(file):\(index + 1)")
            }
        }
    }

    @Test func `only the host starts processes`() {
        for file in SourceTree.sources where file.target != "LibvirtHost" {
            #expect(!file.imports.contains("Subprocess"), "\(file)")
            for (index, line) in file.code.lines.enumerated() {
                let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
                let starters = ["posix_spawn", "posix_spawnp", "fork", "vfork", "execv", "execve", "popen"]
                let starts = starters.contains { line.contains($0 + "(") && words.contains(Substring($0)) }
                #expect(!line.contains("Process()") && !starts, "\(file):\(index + 1)")
            }
        }
    }

    @Test func `there is no SwiftNIO in the dependency graph`() throws {
        // What was really fetched, when the package was built from here.
        guard SourceTree.exists("Package.resolved") else { return }
        #expect(!(try SourceTree.text("Package.resolved")).contains("swift-nio"))
    }
}
