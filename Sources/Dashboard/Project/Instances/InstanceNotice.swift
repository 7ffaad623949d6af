import Compute
import ServiceCore

/// What an instance's page says about a state that is not meant to last, with the ways out of it as buttons.
struct InstanceNotice {
    let instance: Instance

    init(_ instance: Instance) { self.instance = instance }

    /// Nil for states that need no word.
    func model(
        _ available: [ActionAvailability], _ maker: RowMaker<Instance>, _ area: Area
    ) -> NoticeModel? {
        guard let (text, ways) = words else { return nil }
        let actions = ways.enumerated().compactMap { index, way -> ActionModel? in
            guard let availability = available.first(where: { $0.action == way }),
                let row = way.rowAction(availability, on: instance.id, area)
            else { return nil }
            var model = maker.action(row, instance.id.text)
            model?.primary = index == 0
            return model
        }
        return NoticeModel(text: maker.says(text), actions: actions)
    }

    private var words: (Message, [InstanceAction])? {
        guard instance.taskState == nil else { return nil }
        switch instance.vmState {
        case .resized:
            return (
                Message(
                    "The instance has its new flavor {flavor}. Look whether all is well, and then confirm the resize: that removes the old disk. Reverting brings back the old flavor and the old disk.",
                    ["flavor": instance.flavor.name]),
                [.confirmResize, .revertResize]
            )
        case .rescued:
            return (
                Message(
                    "The guest runs from a rescue image, with its own disk beside it. Unrescue it when you are done."),
                [.unrescue]
            )
        case .shelved, .shelvedOffloaded:
            return (
                Message("The instance is shelved: its disk is kept as an image, and it takes no room on a host."),
                [.unshelve]
            )
        default: return nil
        }
    }
}
