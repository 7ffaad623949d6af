import CYield

/// Computes something long while those who want the processor only for a moment need not wait for it.
///
/// A kernel lets a thread that computes go on until its next tick, up to 4 ms, even where others that are ready would
/// take a tenth of one: whoever asks for a page while somebody logs in would be kept waiting forty times as long as it
/// takes. So the thread offers its place every 200 µs. On a full machine it still gets its share.
/// - Returns: What `compute` made, and how often the place was offered.
func givingWay<Value>(_ compute: () -> Value) -> (value: Value, times: Int) {
    cy_begin()
    let value = compute()
    return (value, Int(cy_end()))
}
