import Testing

@testable import Compute

struct StatisticsCodeTests {
    @Test func `values come back to half a thousandth, zero as zero and unknown as unknown`() throws {
        #expect(StatisticsCode.decode(StatisticsCode.encode(nil)) == nil)
        #expect(StatisticsCode.decode(StatisticsCode.encode(0)) == 0)
        #expect(StatisticsCode.decode(StatisticsCode.encode(0.0001)) == 0)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<10_000 {
            let value = Double.random(in: 0.001...1, using: &random) * Double(UInt64(1) << UInt64.random(in: 0...50))
            let stored = try #require(StatisticsCode.decode(StatisticsCode.encode(value)))
            #expect(abs(stored - value) <= value / 2_000)
        }
    }

    @Test func `whole numbers up to 2048 are exact`() {
        for number in 0...2_048 {
            #expect(StatisticsCode.decode(StatisticsCode.encode(Double(number))) == Double(number))
        }
    }

    @Test func `what is no measurement is unknown, and what is too large is the largest`() throws {
        for value in [-1, .nan, .infinity] { #expect(StatisticsCode.encode(value) == StatisticsCode.unknown) }
        #expect(StatisticsCode.encode(1e300) == .max)
        #expect(try #require(StatisticsCode.decode(.max)) > 1e15)
    }

    @Test func `larger values have larger codes`() {
        let values = stride(from: -9.0, through: 53, by: 0.01).map(pow2)
        let codes = values.map(StatisticsCode.encode)
        #expect(codes == codes.sorted())
        #expect(codes.allSatisfy { $0 > 1 })
    }

    private func pow2(_ exponent: Double) -> Double {
        let whole = exponent.rounded(.down)
        return Double(sign: .plus, exponent: Int(whole), significand: 1 + (exponent - whole))
    }
}
