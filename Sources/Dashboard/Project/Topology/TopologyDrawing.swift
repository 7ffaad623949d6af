import Compute
import Markup
import Networking
import ServiceCore

/// The topology as swim lanes: each network a bar from top to bottom, between them what is plugged in. A drawing of
/// links, there without scripts.
struct TopologyDrawing {
    /// In units of the drawing: pixels at 100 %.
    private enum Size {
        static let left = 8
        static let head = 56
        static let bar = 16
        /// Between a bar and a box: room for an address.
        static let gap = 112
        static let box = (width: 168, height: 44)
        static let lane = bar + gap + box.width + gap
        /// Between one box and the next below.
        static let space = 20
        /// Between one line and the next: an address stands between them.
        static let line = 16
        static let colors = 6
    }

    /// A device and where it stands.
    private struct Box {
        let device: Topology.Device
        let x: Int
        let y: Int
        let height: Int
        let left: [Topology.Device.Plug]
        let right: [Topology.Device.Plug]
    }

    private let topology: Topology
    private let wording: Wording
    private let boxes: [Box]
    private let width: Int
    private let height: Int

    init(_ topology: Topology, _ wording: Wording) {
        self.topology = topology
        self.wording = wording
        let last = max(0, topology.networks.count - 1)
        width = Self.barX(last) + Size.bar + Size.gap + Size.box.width + Size.left
        var free = [Int](repeating: Size.head + Size.space, count: last + 1)
        boxes = topology.devices.map { Self.place($0, &free) }
        height = max(free.max() ?? 0, Size.head + 80)
    }

    /// The highest place where nothing is in the way: neither of the box nor of its lines to the right.
    /// - Parameter free: for each lane, where it is still empty.
    private static func place(_ device: Topology.Device, _ free: inout [Int]) -> Box {
        let lane = device.plugs.first?.lane ?? 0
        // What is plugged into its first network twice comes from the left twice.
        let (left, right) = (device.plugs.filter { $0.lane == lane }, device.plugs.filter { $0.lane != lane })
        let columns = lane...max(lane, (right.last?.lane ?? 0) - 1)
        let height = max(Size.box.height, Size.line * (max(left.count, right.count) + 1))
        let y = columns.map { free[$0] }.max() ?? 0
        for column in columns { free[column] = y + height + Size.space }
        return Box(
            device: device, x: barX(lane) + Size.bar + Size.gap, y: y, height: height, left: left, right: right)
    }

    /// - Parameter zoom: the size in per cent.
    func svg(zoom: Int) -> SafeHTML {
        .element(
            .svg,
            [
                "class": "topology", "viewBox": "0 0 \(width) \(height)", "width": "\(width * zoom / 100)",
                "height": "\(height * zoom / 100)", "role": "group", "aria-label": wording(Message("Network Topology")),
            ],
            // What crosses a bar on its way passes behind it.
            boxes.flatMap(lines) + topology.networks.enumerated().map { bar($1, lane: $0) } + boxes.map(drawing))
    }

    private static func barX(_ lane: Int) -> Int { Size.left + lane * Size.lane }

    private func bar(_ network: Network, lane: Int) -> SafeHTML {
        let x = Self.barX(lane)
        let external = network.external ? wording(Message("External")) : nil
        let subnets = network.subnets.isEmpty ? nil : network.subnets.map { "\($0.cidr)" }.joined(separator: ", ")
        let state = Cell.status(network.status, wording).status
        return .element(
            .a,
            [
                "href": SiteURL.network(.project, network.id.text).path,
                "class": "net lane-\(lane % Size.colors)\(state?.level == .good ? "" : " idle")",
            ],
            [
                .element(
                    .title,
                    [.text(Self.list([network.displayName, external, subnets, state?.text]))]),
                Self.text(network.displayName, x: x, y: 16, "net-name", limit: 38),
                Self.text(Self.list([external, subnets]), x: x, y: 34, "quiet", limit: 48),
                .element(
                    .rect,
                    [
                        "x": "\(x)", "y": "\(Size.head - 8)", "width": "\(Size.bar)",
                        "height": "\(height - Size.head + 8)", "rx": "5", "class": "bar",
                    ]),
            ])
    }

    private func drawing(of box: Box) -> SafeHTML {
        let (kind, style, state) = words(for: box.device)
        let middle = box.y + box.height / 2
        return .element(
            .a, ["href": box.device.url.path, "class": "device \(style)"],
            [
                .element(.title, [.text(Self.list([kind, box.device.name, state?.text]))]),
                .element(
                    .rect,
                    [
                        "x": "\(box.x)", "y": "\(box.y)", "width": "\(Size.box.width)", "height": "\(box.height)",
                        "rx": style == "router" ? "22" : "6", "class": "box",
                    ]),
                .element(
                    .circle,
                    [
                        "cx": "\(box.x + 17)", "cy": "\(middle - 8)", "r": "4.5",
                        "class": "dot \(state?.level.rawValue ?? "")",
                    ]),
                Self.text(box.device.name, x: box.x + 30, y: middle - 3, "device-name", limit: 16),
                Self.text(
                    Self.list([kind, state?.text]), x: box.x + 30, y: middle + 13,
                    "quiet device-kind", limit: 19),
            ])
    }

    private func words(for device: Topology.Device) -> (kind: String, style: String, state: Cell.StatusModel?) {
        switch device.kind {
        case .router(let router):
            (wording(Message("Router")), "router", Cell.status(router, wording).status)
        case .instance(let instance):
            (wording(Message("Instance")), "instance", Cell.status(of: instance, wording).status)
        }
    }

    /// Those to the nearest network lie highest, so that no line crosses another's address.
    private func lines(of box: Box) -> [SafeHTML] {
        func height(_ index: Int, of count: Int) -> Int { box.y + box.height * (index + 1) / (count + 1) }
        let left = box.left.enumerated().map { index, plug in
            line(
                plug, from: Self.barX(plug.lane) + Size.bar, to: box.x, height(index, of: box.left.count), isLeft: true)
        }
        let right = box.right.enumerated().map { index, plug in
            line(
                plug, from: Self.barX(plug.lane), to: box.x + Size.box.width, height(index, of: box.right.count),
                isLeft: false)
        }
        return left + right
    }

    /// - Parameter bar: where the network begins, and the address stands.
    private func line(_ plug: Topology.Device.Plug, from bar: Int, to box: Int, _ y: Int, isLeft: Bool) -> SafeHTML {
        let more = plug.addresses.count > 1 ? " +\(plug.addresses.count - 1)" : ""
        let address = plug.addresses.first.map { Self.cut($0, 16 - more.count) + more } ?? ""
        let label = SafeHTML.element(
            .text,
            [
                "x": "\(isLeft ? bar + 5 : bar - 5)", "y": "\(y - 4)", "class": "quiet address",
                "text-anchor": isLeft ? nil : "end",
            ], [.text(address)])
        let port = SiteURL.port(.project, plug.portID).path
        return .element(
            .g, ["class": "plug lane-\(plug.lane % Size.colors)"],
            [
                .element(.title, [.text(plug.addresses.joined(separator: ", "))]),
                .element(.line, ["x1": "\(bar)", "y1": "\(y)", "x2": "\(box)", "y2": "\(y)"]),
                plug.isVisible && !address.isEmpty ? .element(.a, ["href": port], [label]) : label,
            ])
    }

    private static func text(_ text: String, x: Int, y: Int, _ style: String, limit: Int) -> SafeHTML {
        .element(.text, ["x": "\(x)", "y": "\(y)", "class": "\(style)"], [.text(cut(text, limit))])
    }

    private static func list(_ words: [String?]) -> String { words.compactMap(\.self).joined(separator: " · ") }

    /// A drawing breaks no lines: what is longer than so many letters is cut, and whole in the title.
    private static func cut(_ text: String, _ limit: Int) -> String {
        var width = 0
        var kept = ""
        for character in text {
            // What is written in Chinese is twice as wide.
            width += character.unicodeScalars.first.map { $0.value > 0x2E80 ? 2 : 1 } ?? 1
            guard width <= limit else { return kept.dropLast() + "…" }
            kept.append(character)
        }
        return kept
    }
}
