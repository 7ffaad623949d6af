import CZlib

/// Takes gzip's format off, checksum and all; nil when the bytes are not exactly one gzip member.
func inflated(_ bytes: [UInt8]) -> [UInt8]? {
    var stream = z_stream()
    return withUnsafeMutablePointer(to: &stream) { stream -> [UInt8]? in
        guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            return nil
        }
        defer { inflateEnd(stream) }
        var input = bytes
        return input.withUnsafeMutableBufferPointer { input -> [UInt8]? in
            stream.pointee.next_in = input.baseAddress
            stream.pointee.avail_in = uInt(input.count)
            var output: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                let result = piece.withUnsafeMutableBufferPointer { piece in
                    stream.pointee.next_out = piece.baseAddress
                    stream.pointee.avail_out = uInt(piece.count)
                    return inflate(stream, Z_NO_FLUSH)
                }
                output += piece[..<(piece.count - Int(stream.pointee.avail_out))]
                if result == Z_STREAM_END { return stream.pointee.avail_in == 0 ? output : nil }
                guard result == Z_OK else { return nil }
            }
        }
    }
}
