extension InstanceState {
    /// What somebody may ask for, and what it begins. Only an instance to which nothing is being done takes requests.
    func afterRequest(_ event: InstanceEvent) -> InstanceTransition? {
        guard isSettled, let (task, job) = Self.work(for: event), accepts(event) else { return nil }
        return .init(.init(vm, task), [.enqueue(job)])
    }

    /// The states in which nova takes a request (nova/compute/api.py, `check_instance_state`).
    private func accepts(_ event: InstanceEvent) -> Bool {
        switch event {
        case .stopRequested, .softRebootRequested, .pauseRequested, .suspendRequested: vm == .active
        case .startRequested: vm == .stopped
        case .hardRebootRequested: [.active, .stopped, .paused, .suspended, .error].contains(vm)
        case .unpauseRequested: vm == .paused
        case .resumeRequested: vm == .suspended
        case .rescueRequested, .resizeRequested: [.active, .stopped].contains(vm)
        case .unrescueRequested: vm == .rescued
        case .confirmResizeRequested, .revertResizeRequested: vm == .resized
        case .rebuildRequested: [.active, .stopped, .error].contains(vm)
        case .snapshotRequested, .shelveRequested: [.active, .stopped, .paused, .suspended].contains(vm)
        case .unshelveRequested: [.shelved, .shelvedOffloaded].contains(vm)
        default: false
        }
    }

    private static func work(for event: InstanceEvent) -> (TaskState, InstanceJob)? {
        switch event {
        case .startRequested: (.poweringOn, .start)
        case .stopRequested: (.poweringOff, .stop)
        case .softRebootRequested: (.rebooting, .reboot)
        case .hardRebootRequested: (.rebootingHard, .reboot)
        case .pauseRequested: (.pausing, .pause)
        case .unpauseRequested: (.unpausing, .unpause)
        case .suspendRequested: (.suspending, .suspend)
        case .resumeRequested: (.resuming, .resume)
        case .rescueRequested: (.rescuing, .rescue)
        case .unrescueRequested: (.unrescuing, .unrescue)
        case .resizeRequested: (.resizePrep, .resize)
        case .confirmResizeRequested: (.resizeConfirming, .confirmResize)
        case .revertResizeRequested: (.resizeReverting, .revertResize)
        case .rebuildRequested: (.rebuilding, .rebuild)
        case .snapshotRequested: (.imageSnapshot, .snapshot)
        case .shelveRequested: (.shelving, .shelve)
        case .unshelveRequested: (.unshelving, .unshelve)
        default: nil
        }
    }

    /// The steps of the work that was asked for.
    func afterStep(_ event: InstanceEvent) -> InstanceTransition? {
        switch (task, event) {
        case (.rebooting, .rebooted), (.rebootingHard, .rebooted): .init(.init(.active))
        case (.pausing, .paused): .init(.init(.paused))
        case (.unpausing, .unpaused): .init(.init(.active))
        case (.suspending, .suspended): .init(.init(.suspended))
        case (.resuming, .resumed): .init(.init(.active))
        case (.rescuing, .rescued): .init(.init(.rescued))
        case (.unrescuing, .unrescued): .init(.init(.active))
        case (.imageSnapshot, .diskCopied): .init(.init(vm, .imageUploading))
        case (.imageUploading, .imageStored): .init(.init(vm))
        default: afterResizeStep(event) ?? afterRebuildStep(event) ?? afterShelveStep(event)
        }
    }

    private func afterResizeStep(_ event: InstanceEvent) -> InstanceTransition? {
        switch (task, event) {
        case (.resizePrep, .resizePrepared): .init(.init(vm, .resizeMigrating))
        case (.resizeMigrating, .diskKept): .init(.init(vm, .resizeFinish))
        case (.resizeFinish, .resized): .init(.init(.resized))
        case (.resizeConfirming, .resizeConfirmed): .init(.init(.active))
        case (.resizeReverting, .resizeReverted): .init(.init(.active))
        default: nil
        }
    }

    private func afterRebuildStep(_ event: InstanceEvent) -> InstanceTransition? {
        switch (task, event) {
        case (.rebuilding, .guestRemoved): .init(.init(vm, .rebuildBlockDeviceMapping))
        case (.rebuildBlockDeviceMapping, .disksReady): .init(.init(vm, .rebuildSpawning))
        case (.rebuildSpawning, .rebuilt): .init(.init(vm == .stopped ? .stopped : .active), [.stampLaunchedAt])
        default: nil
        }
    }

    /// An instance that is taken back begins anywhere: what its old host may still have goes first.
    private func afterShelveStep(_ event: InstanceEvent) -> InstanceTransition? {
        switch (task, event) {
        case (.shelving, .guestStopped): .init(.init(vm, .shelvingImageUploading))
        case (.shelvingImageUploading, .imageStored): .init(.init(.shelved, .shelvingOffloading))
        case (.shelvingOffloading, .offloaded): .init(.init(.shelvedOffloaded))
        case (.unshelving, .hostChosen): .init(.init(.shelvedOffloaded, .spawning))
        case (.spawning, .domainStarted) where vm == .shelvedOffloaded: .init(.init(.active), [.stampLaunchedAt])
        default: nil
        }
    }
}
