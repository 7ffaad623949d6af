/// A bound template in one language, ready to be rendered.
struct Program: Sendable {
    func render(_ root: Frame) -> [UInt8] { [] }
}
