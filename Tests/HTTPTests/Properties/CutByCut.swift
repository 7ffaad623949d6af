/// What the reader of a stream wants after a step.
enum Wish {
    /// Another step, with the bytes that are left.
    case step
    /// More bytes.
    case bytes
    /// Nothing any more.
    case nothing
}

/// Gives a stream to its reader as a connection would: cut into pieces, and after each piece as many steps as the
/// reader wants, on all the bytes that came and are not done with.
///
/// - Parameter take: takes one step; says how many of the bytes are done with.
/// - Returns: how many bytes are left in the end.
func cutByCut<Failure: Error>(
    _ bytes: [UInt8], _ cuts: [Int], _ take: (Span<UInt8>) throws(Failure) -> (consumed: Int, wish: Wish)
) throws(Failure) -> Int {
    var done = 0
    for cut in cuts + [bytes.count] {
        // A copy, so that AddressSanitizer sees a look at what has not come yet.
        let pending = Array(bytes[done..<cut])
        var offset = 0
        var wish = Wish.step
        while wish == .step {
            let consumed: Int
            (consumed, wish) = try take(pending.span.extracting(offset...))
            offset += consumed
        }
        done += offset
        if wish == .nothing { break }
    }
    return bytes.count - done
}
