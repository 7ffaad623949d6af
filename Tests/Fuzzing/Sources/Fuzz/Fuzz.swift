import Glibc

/// The one that is fuzzed in this process, named by FUZZ_TARGET.
private let target: FuzzTarget = {
    let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = FuzzTarget(rawValue: name) else { fail("FUZZ_TARGET must be one of \(FuzzTarget.allCases)") }
    return target
}()

/// Called by libFuzzer with one input after the other.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try target.check(Array(UnsafeBufferPointer(start: start, count: count)))
    } catch {
        fail("\(target.rawValue): \(error)")
    }
    return 0
}

/// A crash is what the fuzzer notices.
private func fail(_ reason: String) -> Never {
    var line = "Violation: \(reason)\n"
    line.withUTF8 { _ = write(2, $0.baseAddress, $0.count) }
    abort()
}
