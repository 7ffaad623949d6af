import Markup
import Networking
import ServiceCore

/// How the addresses of a subnet are used, drawn and counted; beside a form also what saving it would change.
struct PoolStudio: TemplateModel {
    /// Where the script sends the form to, to get this anew; "" when nothing can be typed here.
    var preview = ""
    /// The part that is shown, kept in the form; "" for the whole subnet.
    var stretch = ""
    var trail: [StudioLink] = []
    /// Of a subnet that is still to be made: which addresses it would have is said, too, for a pool may choose them.
    var isNew = false
    /// The change in one sentence, for those who cannot see it happen.
    var summary = ""
    var counts: [StudioCount] = []
    /// Whether there are two columns of counts: now, and after saving.
    var changes = false
    var title = ""
    var rows: [AddressGridRow] = []
    /// Of one address each.
    var isExact = true
    /// How much a cell of several is.
    var cellSize = ""
    var legend: [LegendItem] = []
    var effects: [StudioEffect] = []
    var outside: [OutsideAddress] = []
    var outsideTitle = ""
    /// The map in words.
    var list: [AddressListRow] = []
    /// Instead of a map.
    var hint: String?

    static let shape = Shape<PoolStudio>([
        .text("preview", \.preview), .text("stretch", \.stretch), .list("trail", \.trail), .text("summary", \.summary),
        .list("counts", \.counts), .flag("changes", \.changes), .text("title", \.title), .list("rows", \.rows),
        .flag("exact", \.isExact), .text("cellSize", \.cellSize), .list("legend", \.legend),
        .list("effects", \.effects), .list("outside", \.outside),
        .flag("hasOutside") { !$0.outside.isEmpty }, .text("outsideTitle", \.outsideTitle), .list("list", \.list),
        .optionalText("hint", \.hint), .flag("hasTrail") { $0.trail.count > 1 || $0.isNew },
    ])
}

/// A way to another part of the map: a link, or in a form a button, which sends what was typed along.
struct StudioLink: TemplateModel {
    let title: String
    var href: String?
    var zoom: String?

    static let shape = Shape<StudioLink>([
        .text("title", \.title), .optionalText("href", \.href), .optionalText("zoom", \.zoom),
    ])
}

/// One number, now and after saving.
struct StudioCount: TemplateModel {
    let label: String
    /// Nil for a subnet that does not exist yet.
    var before: String?
    let after: String
    /// "+11", "" when nothing changes.
    var difference = ""
    /// Whether it is one that nobody wants.
    var isBad = false

    static let shape = Shape<StudioCount>([
        .text("label", \.label), .optionalText("before", \.before), .text("after", \.after),
        .text("difference", \.difference), .flag("bad", \.isBad),
    ])
}

/// Addresses whose use would change.
struct StudioEffect: TemplateModel {
    /// "gained" or "lost".
    let style: String
    let title: String
    let ranges: String

    static let shape = Shape<StudioEffect>([
        .text("style", \.style), .text("title", \.title), .text("ranges", \.ranges),
    ])
}

/// An address that a port has outside of all pools.
struct OutsideAddress: TemplateModel {
    let address: String
    let port: String
    var portHref: String?
    let device: String
    var deviceHref: String?
    /// It lies in a pool now.
    let isNew: Bool
    /// Whether links open beside the form, so that nothing typed is lost.
    let opensBeside: Bool

    static let shape = Shape<OutsideAddress>([
        .text("address", \.address), .text("port", \.port), .optionalText("portHref", \.portHref),
        .text("device", \.device), .optionalText("deviceHref", \.deviceHref), .flag("new", \.isNew),
        .flag("beside", \.opensBeside),
    ])
}

struct AddressGridRow: TemplateModel {
    let label: String
    let cells: [AddressGridCell]

    static let shape = Shape<AddressGridRow>([.text("label", \.label), .list("cells", \.cells)])
}

struct AddressGridCell: TemplateModel {
    /// Classes of the style sheet.
    let style: String
    /// What it is, in words.
    let title: String
    /// The part of the address that tells it from its neighbours.
    let text: String
    var href: String?
    var zoom: String?
    var opensBeside = false

    static let shape = Shape<AddressGridCell>([
        .text("style", \.style), .text("title", \.title), .text("text", \.text), .optionalText("href", \.href),
        .optionalText("zoom", \.zoom), .flag("beside", \.opensBeside),
        .flag("plain") { $0.href == nil && $0.zoom == nil },
    ])
}

struct AddressListRow: TemplateModel {
    let range: String
    let use: String

    static let shape = Shape<AddressListRow>([.text("range", \.range), .text("use", \.use)])
}

struct LegendItem: TemplateModel {
    let style: String
    let title: String

    static let shape = Shape<LegendItem>([.text("style", \.style), .text("title", \.title)])
}

/// The studio alone, for the script, with what is wrong with the fields it follows from.
struct PoolStudioFragment: TemplateModel {
    let studio: PoolStudio
    let fields: [FormField]

    static let shape = Shape<PoolStudioFragment>([.object("studio", \.studio), .list("fields", \.fields)])
}
