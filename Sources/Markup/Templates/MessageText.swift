/// A text to translate, without the white space around it.
struct MessageText {
    let key: String
    let leading: [UInt8]
    let trailing: [UInt8]

    init(_ source: ArraySlice<UInt8>) {
        leading = Array(source.prefix(while: TemplateScanner.isSpace))
        let text = source.dropFirst(leading.count)
        trailing = text.isEmpty ? [] : Array(text.reversed().prefix(while: TemplateScanner.isSpace).reversed())
        var key: [UInt8] = []
        var rest = text.dropLast(trailing.count)
        while let byte = rest.first {
            let space = rest.prefix(while: TemplateScanner.isSpace)
            if space.contains(UInt8(ascii: "\n")) {
                key.append(UInt8(ascii: " "))
            } else {
                key.append(contentsOf: space.isEmpty ? [byte] : space)
            }
            rest = rest.dropFirst(max(1, space.count))
        }
        self.key = String(decoding: key, as: UTF8.self)
    }
}
