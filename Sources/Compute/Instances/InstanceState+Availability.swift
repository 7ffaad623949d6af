import ServiceCore

extension InstanceState {
    /// Why an action cannot be asked for now; nil when it can. The transition table decides, this only explains.
    func refusal(of action: InstanceAction) -> Message? {
        guard vm != .deleted else { return Message("The instance has been deleted.") }
        guard let event = action.event else { return nil }
        do {
            _ = try after(event)
            return nil
        } catch {
            return busy ?? misfit(action)
        }
    }

    /// What the instance is busy with; nil when it is not.
    private var busy: Message? {
        switch (vm, task) {
        case (_, .deleting): Message("The instance is being deleted.")
        case (.building, _): Message("The instance is still being built.")
        case (_, .poweringOff): Message("The instance is being shut off.")
        case (_, .poweringOn): Message("The instance is being started.")
        case (_, .rebooting), (_, .rebootingHard): Message("The instance is being rebooted.")
        default: nil
        }
    }

    private func misfit(_ action: InstanceAction) -> Message {
        switch (vm, action) {
        case (.error, _): Message("The instance is in error; it can only be deleted.")
        case (.active, .start): Message("The instance is running already.")
        case (.stopped, .stop): Message("The instance is shut off already.")
        case (.stopped, .softReboot):
            Message("Only a running instance can be rebooted softly. Start it, or use a hard reboot.")
        default: Message("This is not possible in the instance's present state.")
        }
    }
}
