import CLibvirt
import ComputeHost

/// libvirt's states and events in the terms of `ComputeHost`.
enum DomainStates {
    static func power(state: Int32, reason: Int32) -> PowerState {
        switch virDomainState(UInt32(bitPattern: state)) {
        // A domain that is shutting down runs until it has.
        case VIR_DOMAIN_RUNNING, VIR_DOMAIN_BLOCKED, VIR_DOMAIN_SHUTDOWN: .running
        case VIR_DOMAIN_PAUSED: .paused
        case VIR_DOMAIN_SHUTOFF:
            reason == Int32(VIR_DOMAIN_SHUTOFF_CRASHED.rawValue) ? .crashed : .shutdown
        case VIR_DOMAIN_CRASHED: .crashed
        case VIR_DOMAIN_PMSUSPENDED: .suspended
        default: .noState
        }
    }

    /// Nil for the events that another one repeats.
    static func event(_ event: Int32, _ detail: Int32) -> (power: PowerState, reason: DomainEvent.Reason)? {
        switch virDomainEventType(UInt32(bitPattern: event)) {
        case VIR_DOMAIN_EVENT_DEFINED: nil
        case VIR_DOMAIN_EVENT_UNDEFINED: (.noState, .undefined)
        case VIR_DOMAIN_EVENT_STARTED: (.running, .started)
        case VIR_DOMAIN_EVENT_SUSPENDED:
            (.paused, detail == Int32(VIR_DOMAIN_EVENT_SUSPENDED_IOERROR.rawValue) ? .pausedOnError : .paused)
        case VIR_DOMAIN_EVENT_RESUMED: (.running, .resumed)
        case VIR_DOMAIN_EVENT_STOPPED: stopped(detail)
        case VIR_DOMAIN_EVENT_PMSUSPENDED: (.suspended, .suspended)
        case VIR_DOMAIN_EVENT_CRASHED: (.crashed, .crashed)
        default: nil
        }
    }

    private static func stopped(_ detail: Int32) -> (PowerState, DomainEvent.Reason) {
        switch virDomainEventStoppedDetailType(UInt32(bitPattern: detail)) {
        case VIR_DOMAIN_EVENT_STOPPED_SHUTDOWN: (.shutdown, .stoppedInside)
        case VIR_DOMAIN_EVENT_STOPPED_CRASHED, VIR_DOMAIN_EVENT_STOPPED_FAILED: (.crashed, .crashed)
        case VIR_DOMAIN_EVENT_STOPPED_SAVED: (.suspended, .suspended)
        default: (.shutdown, .destroyed)
        }
    }
}
