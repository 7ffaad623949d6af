/// One row of the table of settings: a name, what its value may be, and which part of `Settings` it fills.
struct SettingKey: Sendable {
    /// As in the file; a dot goes down into an object: `OPENSTACK_NEUTRON_NETWORK.enable_router`.
    let name: String
    /// What the setting does, in one sentence.
    let summary: String
    /// Completes "expected …".
    let expected: String
    /// Never shown.
    let isSecret: Bool
    /// Reads a value of the file into the settings.
    let read: @Sendable (LocatedJSON, inout Settings) throws(SettingRefusal) -> Void
    /// The value in effect, as JSON.
    let show: @Sendable (Settings) -> String

    init<Value: Sendable>(
        _ name: String, _ path: any WritableKeyPath<Settings, Value> & Sendable, _ type: SettingType<Value>,
        secret: Bool = false, _ summary: String
    ) {
        self.name = name
        self.summary = summary
        self.expected = type.expected
        self.isSecret = secret
        self.read = { json, settings throws(SettingRefusal) in settings[keyPath: path] = try type.read(json) }
        self.show = { settings in
            let text = type.write(settings[keyPath: path])
            return secret && text.first == "\"" ? "\"••••••••\"" : text
        }
    }
}
