import ServiceCore

/// All that decides whether an action can be asked for now, beside the caller's role.
struct ActionSituation: Hashable {
    var state: InstanceState
    var isOnHost: Bool
    /// Whether it ever ran: an instance in error that never did has nothing to go back to.
    var wasLaunched: Bool
    var lockedBy: InstanceLock?

    init(_ instance: Instance) {
        self.init(
            state: instance.state, isOnHost: instance.host != nil, wasLaunched: instance.launchedAt != nil,
            lockedBy: instance.lockedBy)
    }

    init(state: InstanceState, isOnHost: Bool = true, wasLaunched: Bool = true, lockedBy: InstanceLock? = nil) {
        self.state = state
        self.isOnHost = isOnHost
        self.wasLaunched = wasLaunched
        self.lockedBy = lockedBy
    }

    /// Why an action cannot be asked for now; nil when it can. The transition table decides on what it knows, and this
    /// explains.
    func refusal(of action: InstanceAction, isAdmin: Bool) -> ActionRefusal? {
        guard state.vm != .deleted else { return .state(Message("The instance has been deleted.")) }
        if lockedBy != nil, action.respectsLock, !isAdmin {
            return .locked(Message("The instance is locked. Unlock it first."))
        }
        switch action {
        case .lock where lockedBy != nil: return .state(Message("The instance is locked already."))
        case .unlock: return unlockRefusal(isAdmin: isAdmin)
        case .viewLog where !isOnHost: return .state(Message("The instance is not on a host."))
        case .console: return consoleRefusal
        case .attachInterface, .detachInterface: return interfaceRefusal(action)
        case .updateMetadata: return metadataRefusal
        case .editSecurityGroups: return securityGroupsRefusal
        case .forceDelete, .lock, .viewLog, .rename: return nil
        default: return action.event.flatMap { refusal(of: action, asking: $0) }
        }
    }

    private func refusal(of action: InstanceAction, asking event: InstanceEvent) -> ActionRefusal? {
        do {
            _ = try state.after(event)
        } catch {
            return state.busy.map(ActionRefusal.busy) ?? .state(misfit(action))
        }
        guard state.vm == .error, !wasLaunched, action != .delete else { return nil }
        return .state(misfit(action))
    }

    private func unlockRefusal(isAdmin: Bool) -> ActionRefusal? {
        switch lockedBy {
        case nil: .state(Message("The instance is not locked."))
        case .admin where !isAdmin: .locked(Message("An administrator has locked the instance."))
        default: nil
        }
    }

    /// A screen exists while an emulator runs.
    private var consoleRefusal: ActionRefusal? {
        guard isOnHost else { return .state(Message("The instance is not on a host.")) }
        return switch state.vm {
        case .active, .paused, .rescued, .resized: nil
        case .building: .busy(Message("The instance is still being built."))
        default: .state(Message("The guest is not running."))
        }
    }

    private func interfaceRefusal(_ action: InstanceAction) -> ActionRefusal? {
        if let busy = state.busy { return .busy(busy) }
        return [.active, .paused, .stopped].contains(state.vm) ? nil : .state(misfit(action))
    }

    /// Ports have their groups whether the guest runs or not, and nova asks no more than that there is one.
    private var securityGroupsRefusal: ActionRefusal? {
        if state.task == .deleting || state.vm == .building, let busy = state.busy { return .busy(busy) }
        return [.active, .paused, .suspended, .stopped, .rescued].contains(state.vm)
            ? nil : .state(misfit(.editSecurityGroups))
    }

    private var metadataRefusal: ActionRefusal? {
        switch state.vm {
        case .building: .busy(Message("The instance is still being built."))
        case .error: .state(Message("The instance is in error."))
        default: nil
        }
    }
}

/// Why an action cannot be asked for, with the kind of reason, which decides the error's code.
enum ActionRefusal {
    /// Something else is being done; it will pass.
    case busy(Message)
    /// The instance is not in a state for it.
    case state(Message)
    /// Somebody locked the instance.
    case locked(Message)

    var message: Message {
        switch self {
        case .busy(let message), .state(let message), .locked(let message): message
        }
    }

    var error: ServiceError {
        let code =
            switch self {
            case .busy: "instance_busy"
            case .state: "instance_state"
            case .locked: "instance_locked"
            }
        return .conflict(code: code, message)
    }
}

extension InstanceState {
    /// What the instance is busy with; nil when it is not.
    var busy: Message? {
        if task != .deleting, vm == .building { return Message("The instance is still being built.") }
        switch task {
        case nil: return nil
        case .scheduling, .networking, .blockDeviceMapping: return Message("The instance is still being built.")
        case .deleting: return Message("The instance is being deleted.")
        case .poweringOff: return Message("The instance is being shut off.")
        case .poweringOn: return Message("The instance is being started.")
        case .rebooting, .rebootingHard: return Message("The instance is being rebooted.")
        case .pausing: return Message("The instance is being paused.")
        case .suspending: return Message("The instance is being suspended.")
        case .unpausing, .resuming: return Message("The instance is being resumed.")
        case .rescuing: return Message("The instance is going into rescue mode.")
        case .unrescuing: return Message("The instance is leaving rescue mode.")
        case .resizePrep, .resizeMigrating, .resizeFinish: return Message("The instance is being resized.")
        case .resizeConfirming: return Message("The resize is being confirmed.")
        case .resizeReverting: return Message("The resize is being reverted.")
        case .rebuilding, .rebuildBlockDeviceMapping, .rebuildSpawning:
            return Message("The instance is being rebuilt.")
        case .imageSnapshot, .imageUploading: return Message("A snapshot of the instance is being made.")
        case .shelving, .shelvingImageUploading, .shelvingOffloading: return Message("The instance is being shelved.")
        case .unshelving, .spawning: return Message("The instance is being unshelved.")
        }
    }
}

extension ActionSituation {
    /// Why a settled instance has no use for an action.
    private func misfit(_ action: InstanceAction) -> Message {
        switch action {
        case .unpause: return Message("The instance is not paused.")
        case .resume: return Message("The instance is not suspended.")
        case .unrescue: return Message("The instance is not in rescue mode.")
        case .confirmResize, .revertResize: return Message("There is no resize to confirm or revert.")
        case .unshelve: return Message("The instance is not shelved.")
        default: break
        }
        switch (state.vm, action) {
        case (.error, _) where wasLaunched:
            return Message("The instance is in error; it can be rebooted hard, rebuilt or deleted.")
        case (.error, _): return Message("The instance is in error; it can only be deleted.")
        case (.active, .start): return Message("The instance is running already.")
        case (.stopped, .stop): return Message("The instance is shut off already.")
        case (.stopped, .softReboot):
            return Message("Only a running instance can be rebooted softly. Start it, or use a hard reboot.")
        case (.stopped, _): return Message("The instance is shut off. Start it first.")
        case (.paused, .pause): return Message("The instance is paused already.")
        case (.paused, _): return Message("The instance is paused. Resume it first.")
        case (.suspended, .suspend): return Message("The instance is suspended already.")
        case (.suspended, _): return Message("The instance is suspended. Resume it first.")
        case (.rescued, _): return Message("The instance is in rescue mode. Unrescue it first.")
        case (.resized, _): return Message("The instance has a new size. Confirm or revert the resize first.")
        case (.shelved, _), (.shelvedOffloaded, _): return Message("The instance is shelved. Unshelve it first.")
        default: return Message("This is not possible in the instance's present state.")
        }
    }
}
