import HTTP
import Images
import LibvirtHost
import Testing

@testable import daybreak

@Suite struct `The settings file` {
    private func read(_ text: String) throws(SettingsFault) -> SettingsFile {
        try SettingsFile(path: "s.json", bytes: Array(text.utf8))
    }

    private func faults(_ text: String) -> [String] {
        do throws(SettingsFault) {
            _ = try read(text)
            return []
        } catch {
            return error.lines
        }
    }

    @Test func `an empty object gives the defaults`() throws {
        #expect(try read("{}").settings == Settings())
    }

    @Test func `the file of the repository is good and says what the defaults say`() throws {
        let path = SourceTree.root + "/local_settings.json"
        #expect(try SettingsFile(path: path).settings == Settings())
    }

    @Test func `every key of the tutorial is taken, with the tutorial's values`() throws {
        let settings = try read(
            """
            {"OPENSTACK_HOST": "192.168.56.11",
             "SESSION_ENGINE": "django.contrib.sessions.backends.cache",
             "ALLOWED_HOSTS": ["*"],
             "CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache",
                                    "LOCATION": "192.168.56.11:11211"}},
             "OPENSTACK_KEYSTONE_URL": "http://%s:5000/v3",
             "OPENSTACK_KEYSTONE_MULTIDOMAIN_SUPPORT": true,
             "OPENSTACK_API_VERSIONS": {"data-processing": 1.1, "identity": 3, "image": 2, "volume": 2, "compute": 2},
             "OPENSTACK_KEYSTONE_DEFAULT_DOMAIN": "default",
             "OPENSTACK_KEYSTONE_DEFAULT_ROLE": "_member_",
             "OPENSTACK_NEUTRON_NETWORK": {"enable_router": false, "enable_quotas": false, "enable_ipv6": false,
                "enable_distributed_router": false, "enable_ha_router": false, "enable_lb": false,
                "enable_firewall": false, "enable_vpn": false, "enable_fip_topology_check": false},
             "TIME_ZONE": "Asia/Shanghai"}
            """
        ).settings
        #expect(settings.keystoneURL == "http://192.168.56.11:5000/v3")
        #expect(settings.allowedHosts == ["*"])
        #expect(settings.cache.backend == .localMemory)
        #expect(settings.keystoneDefaultRole == "_member_")
        #expect(settings.apiVersions.volume == 2)
        #expect(!settings.neutronNetwork.enableRouter && !settings.neutronNetwork.enableFloatingIPTopologyCheck)
        #expect(settings.timeZone == "Asia/Shanghai")
    }

    @Test func `an unknown key is refused with its line, its value and the nearest known key`() {
        #expect(
            faults("{\n\"ALOWED_HOSTS\": [\"*\"]}")
                == ["s.json:2: ALOWED_HOSTS is not a setting (its value is [\"*\"]). Did you mean ALLOWED_HOSTS?"])
    }

    @Test func `an unknown key inside an object is compared with the keys of that object`() {
        let fault = faults(#"{"OPENSTACK_NEUTRON_NETWORK": {"enable_ruoter": true}}"#)
        #expect(fault.count == 1)
        #expect(fault[0].hasSuffix("Did you mean OPENSTACK_NEUTRON_NETWORK.enable_router?"))
    }

    @Test func `a key in the wrong object is sent to the right one`() {
        #expect(faults(#"{"enable_vpn": true}"#)[0].hasSuffix("Did you mean OPENSTACK_NEUTRON_NETWORK.enable_vpn?"))
    }

    @Test func `a misspelt secret is not printed`() {
        #expect(!faults(#"{"SECRET_KYE": "0123456789abcdef0123456789abcdef"}"#)[0].contains("0123456789"))
    }

    @Test func `all faults are named at once`() {
        let all = faults(
            """
            {"OPENSTACK_HOST": 3,
             "TIME_ZONE": "Asia/Shangai",
             "LISTEN": ["127.0.0.1:8000", "nonsense"],
             "SESSION_TIMEOUT": 5,
             "NONSENSE": null}
            """)
        #expect(all.count == 5)
        #expect(all[0].hasPrefix("s.json:1: OPENSTACK_HOST is 3; expected"))
        #expect(all[1].hasSuffix("Did you mean \"Asia/Shanghai\"?"))
        #expect(all[2].hasPrefix("s.json:3: LISTEN[1] is \"nonsense\"; expected \"address:port\""))
        #expect(all[3].contains("expected a whole number of seconds from 60 to 2592000"))
        #expect(all[4].hasPrefix("s.json:5: NONSENSE is not a setting"))
    }

    @Test(arguments: [
        (#"{"LISTEN": []}"#, "LISTEN"), (#"{"LISTEN": "127.0.0.1:8000"}"#, "LISTEN"),
        (#"{"LISTEN": ["127.0.0.1:70000"]}"#, "LISTEN[0]"), (#"{"LISTEN": [8000]}"#, "LISTEN[0]"),
        (#"{"LISTEN": [{"address": "127.0.0.1:1", "certificate": "c"}]}"#, "LISTEN[0]"),
        (#"{"LISTEN": ["[::1]:1", {"address": "x", "certificate": "c", "key": "k"}]}"#, "LISTEN[1].address"),
        (#"{"LISTEN": [{"address": "[::1]:1", "certificate": "", "key": "k"}]}"#, "LISTEN[0].certificate"),
        (#"{"LISTEN": [{"address": "[::1]:1", "certificate": "c", "key": 1}]}"#, "LISTEN[0].key"),
        (#"{"SECURE_HSTS_SECONDS": -1}"#, "SECURE_HSTS_SECONDS"), (#"{"SECURE_SSL_HOST": "a b"}"#, "SECURE_SSL_HOST"),
        (#"{"SECURE_SSL_HOST": "https://a"}"#, "SECURE_SSL_HOST"), (#"{"SECURE_SSL_HOST": "*"}"#, "SECURE_SSL_HOST"),
        (#"{"TRUSTED_PROXIES": ["10.0.0.0/33"]}"#, "TRUSTED_PROXIES[0]"),
        (#"{"TRUSTED_PROXIES": "127.0.0.1"}"#, "TRUSTED_PROXIES"),
        (#"{"SECURE_PROXY_SSL_HEADER": ["X-Forwarded-Proto"]}"#, "SECURE_PROXY_SSL_HEADER"),
        (#"{"SECURE_PROXY_SSL_HEADER": ["X Proto", "https"]}"#, "SECURE_PROXY_SSL_HEADER"),
        (#"{"ALLOWED_HOSTS": ["http://a"]}"#, "ALLOWED_HOSTS[0]"),
        (#"{"ALLOWED_HOSTS": ["a:8000"]}"#, "ALLOWED_HOSTS[0]"), (#"{"STATE_PATH": ""}"#, "STATE_PATH"),
        (#"{"LIBVIRT_URI": "qemu"}"#, "LIBVIRT_URI"),
        (#"{"COMPUTE_HOSTS": ["linux-node1"]}"#, "COMPUTE_HOSTS[0]"),
        (#"{"COMPUTE_HOSTS": [{"name": "linux-node1"}]}"#, "COMPUTE_HOSTS[0]"),
        (#"{"COMPUTE_HOSTS": [{"name": "../x", "uri": "auto"}]}"#, "COMPUTE_HOSTS[0].name"),
        (#"{"COMPUTE_HOSTS": [{"name": "a", "uri": "qemu"}]}"#, "COMPUTE_HOSTS[0].uri"),
        (#"{"COMPUTE_HOSTS": [{"name": "a", "uri": "auto", "disk": "x"}]}"#, "COMPUTE_HOSTS[0].disk"),
        (#"{"COMPUTE_HOSTS": [{"name": "a", "uri": "auto"}, {"name": "a", "uri": "auto"}]}"#, "COMPUTE_HOSTS[1].name"),
        (#"{"SECRET_KEY": "short"}"#, "SECRET_KEY"),
        (#"{"HOST_NETWORK": "bridges"}"#, "HOST_NETWORK"), (#"{"HOST_NETWORK": true}"#, "HOST_NETWORK"),
        (#"{"HOST_NAMESPACE": "../../etc"}"#, "HOST_NAMESPACE"), (#"{"HOST_NAMESPACE": "a b"}"#, "HOST_NAMESPACE"),
        (#"{"PHYSICAL_INTERFACE_MAPPINGS": ["eth1"]}"#, "PHYSICAL_INTERFACE_MAPPINGS"),
        (#"{"PHYSICAL_INTERFACE_MAPPINGS": {"a": "eth1 up"}}"#, "PHYSICAL_INTERFACE_MAPPINGS.a"),
        (#"{"PHYSICAL_INTERFACE_MAPPINGS": {"a": "abcdefghijklmnop"}}"#, "PHYSICAL_INTERFACE_MAPPINGS.a"),
        (#"{"PHYSICAL_INTERFACE_MAPPINGS": {"a": "eth1", "b": "eth1"}}"#, "PHYSICAL_INTERFACE_MAPPINGS.b"),
        (#"{"VXLAN_LOCAL_IP": "10.0.0"}"#, "VXLAN_LOCAL_IP"),
        (#"{"MAX_CONNECTIONS": 0}"#, "MAX_CONNECTIONS"), (#"{"SESSION_TIMEOUT": true}"#, "SESSION_TIMEOUT"),
        (#"{"SESSION_TIMEOUT": 90.5}"#, "SESSION_TIMEOUT"),
        (#"{"SESSION_ENGINE": "django.contrib.sessions.backends.db"}"#, "SESSION_ENGINE"),
        (#"{"CACHES": {"default": {"BACKEND": "redis"}}}"#, "CACHES.default.BACKEND"),
        (#"{"CACHES": {"default": {"LOCATION": 11211}}}"#, "CACHES.default.LOCATION"),
        (#"{"OPENSTACK_API_VERSIONS": {"identity": 2.0}}"#, "OPENSTACK_API_VERSIONS.identity"),
        (#"{"OPENSTACK_API_VERSIONS": 3}"#, "OPENSTACK_API_VERSIONS"),
        (#"{"OPENSTACK_KEYSTONE_URL": "ftp://x"}"#, "OPENSTACK_KEYSTONE_URL"),
    ])
    func `a wrong type or a bad value is refused under its key`(text: String, key: String) {
        let lines = faults(text)
        #expect(lines.count == 1 && lines[0].hasPrefix("s.json:1: \(key) is "), "\(lines)")
        #expect(lines.allSatisfy { $0.contains("; expected ") })
    }

    @Test func `the settings of images are glance's, in GiB`() throws {
        let text = #"""
            {"IMAGE_SIZE_CAP": 10, "USER_STORAGE_QUOTA": 20, "IMAGE_IMPORT_ALLOWED_HOSTS": ["Mirror.example"]}
            """#
        let configuration = try SettingsFile(path: "/s.json", bytes: Array(text.utf8)).settings.images.configuration
        #expect(configuration.sizeLimit == 10 << 30 && configuration.projectQuota == 20 << 30)
        #expect(configuration.trustedSources == ["mirror.example"])
        #expect(ImageSettings().configuration.projectQuota == nil)
        #expect(ImageSettings().configuration.sizeLimit == 1 << 40)
    }

    @Test func `the settings of networks are neutron's and the host's`() throws {
        let text = #"""
            {"HOST_NETWORK": "bridge", "HOST_NAMESPACE": "cloud", "VXLAN_LOCAL_IP": "192.0.2.7",
             "PHYSICAL_INTERFACE_MAPPINGS": {"physnet1": "eth1", "public": "enp3s0"}}
            """#
        let settings = try SettingsFile(path: "/s.json", bytes: Array(text.utf8)).settings
        let configuration = settings.hostNetworks.configuration(statePath: "/state")
        #expect(configuration.setting == .bridge && configuration.namespace == "cloud")
        #expect(configuration.interfaces == ["physnet1": "eth1", "public": "enp3s0"])
        #expect(configuration.tunnelAddress == "192.0.2.7")
        let plain = Settings().hostNetworks.configuration(statePath: "/state")
        #expect(plain.setting == .auto && plain.namespace == nil && plain.tunnelAddress == nil)
        let hosts = ComputeHosts.configurations(settings, StateDirectory(path: "/state"))
        #expect(hosts.map(\.namespace) == ["cloud"])
    }

    @Test func `an entry of LISTEN may have a certificate, and its misspelt members are pointed out`() throws {
        let file = try SettingsFile(
            path: "/etc/daybreak/s.json",
            bytes: Array(
                #"{"LISTEN": ["127.0.0.1:80", {"address": "[::]:443", "certificate": "tls/c.pem", "key": "/k.pem"}]}"#
                    .utf8))
        #expect(file.settings.listen.map(\.address) == ["127.0.0.1:80", "[::]:443"])
        #expect(file.settings.listen.map(\.isSecure) == [false, true])
        let address = ListenAddress(file.settings.listen[1], in: file)
        #expect(address.certificate == CertificateFiles(certificate: "/etc/daybreak/tls/c.pem", key: "/k.pem"))
        #expect(
            faults("{\"LISTEN\": [\n{\"address\": \"[::]:443\", \"certifcate\": \"c\", \"key\": \"k\"}]}") == [
                #"s.json:2: LISTEN[0].certifcate is "c"; expected only "address", "certificate", "key" "#
                    + #"and "service". "#
                    + #"Did you mean "certificate"?"#
            ])
        #expect(try readAgain(file.settings) == file.settings.listen)
    }

    @Test func `an entry of LISTEN may be the own port of one of OpenStack's services`() throws {
        let file = try SettingsFile(
            path: "/etc/daybreak/s.json",
            bytes: Array(#"{"LISTEN": [{"address": "127.0.0.1:5000", "service": "identity"}]}"#.utf8))
        #expect(ListenAddress(file.settings.listen[0], in: file).prefix == "/identity")
        #expect(try readAgain(file.settings) == file.settings.listen)
        #expect(
            faults(#"{"LISTEN": [{"address": "[::]:1", "service": "volume"}]}"#).first?.contains("identity") == true)
    }

    private func readAgain(_ written: Settings) throws -> [ListenEntry] {
        var settings = Settings()
        let listen = try #require(SettingKey.all.first { $0.name == "LISTEN" })
        try listen.read(try LocatedJSON(parsing: Array(listen.show(written).utf8)), &settings)
        return settings.listen
    }

    @Test func `Django's settings for TLS are taken with Django's values`() throws {
        let security = try read(
            """
            {"SECURE_HSTS_SECONDS": 31536000, "SECURE_HSTS_INCLUDE_SUBDOMAINS": true, "SECURE_HSTS_PRELOAD": true,
             "SECURE_SSL_REDIRECT": true, "SECURE_SSL_HOST": "dash.example.org:8443", "USE_X_FORWARDED_HOST": true,
             "TRUSTED_PROXIES": ["127.0.0.1", "fd00::/8"],
             "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"]}
            """
        ).settings.transportSecurity
        #expect(security.hsts == "max-age=31536000; includeSubDomains; preload")
        let rules = ForwardingRules(security)
        #expect(rules.trustedProxies.map(\.description) == ["127.0.0.1", "fd00::/8"] && rules.usesForwardedHost)
        #expect(rules.secureField == ForwardingRules.SecureField(name: "X-FORWARDED-PROTO", value: "https"))
        #expect(try read("{}").settings.transportSecurity.hsts == nil)
    }

    @Test(arguments: [
        (#"{"SECURE_PROXY_SSL_HEADER": ["X-Forwarded-Proto", "https"]}"#, "SECURE_PROXY_SSL_HEADER"),
        (#"{"USE_X_FORWARDED_HOST": true}"#, "USE_X_FORWARDED_HOST"),
        (#"{"SECURE_SSL_REDIRECT": true}"#, "SECURE_SSL_REDIRECT"),
        (#"{"SECURE_HSTS_SECONDS": 60}"#, "SECURE_HSTS_SECONDS"),
    ])
    func `what has no effect without something else is pointed out`(text: String, key: String) throws {
        let file = try read(text)
        let advice = file.settings.advice { file.lines[$0] != nil }
        #expect(advice.count == 1 && advice[0].hasPrefix(key + ": "), "\(advice)")
    }

    @Test func `an address other machines reach is pointed out only without TLS`() throws {
        let secure = #"{"address": "0.0.0.0:443", "certificate": "c", "key": "k"}"#
        for (listen, isPointedOut) in [(#""0.0.0.0:80""#, true), (secure, false)] {
            let settings = try read(#"{"ALLOWED_HOSTS": ["a"], "LISTEN": [\#(listen)]}"#).settings
            #expect(settings.advice { _ in true }.contains { $0.contains("without TLS") } == isPointedOut)
        }
    }

    @Test func `text that is not JSON is refused with line and column`() {
        #expect(faults("{\n  \"LISTEN\": [,]\n}") == ["s.json:2:14: not JSON: expected a value"])
    }

    @Test func `a location beside LocMemCache is pointed out, and only when the file holds one`() throws {
        let backend = #""BACKEND": "django.core.cache.backends.locmem.LocMemCache""#
        let both = try read(#"{"CACHES": {"default": {\#(backend), "LOCATION": "10.0.0.1:11211"}}}"#)
        let advice = both.settings.advice { both.lines[$0] != nil }
        #expect(advice.count == 1 && advice[0].contains("10.0.0.1:11211"))
        let alone = try read(#"{"CACHES": {"default": {\#(backend)}}}"#)
        #expect(alone.settings.advice { alone.lines[$0] != nil } == [])
    }

    @Test func `a path that starts nowhere starts at the folder of the file`() throws {
        let file = try SettingsFile(path: "/etc/daybreak/s.json", bytes: Array(#"{"STATE_PATH": "state"}"#.utf8))
        #expect(file.statePath == "/etc/daybreak/state")
        let absolute = try SettingsFile(path: "/etc/daybreak/s.json", bytes: Array(#"{"STATE_PATH": "/srv/x"}"#.utf8))
        #expect(absolute.statePath == "/srv/x")
    }

    @Test func `the printed table marks defaults and masks the secret`() throws {
        let file = try read("{\n\"SECRET_KEY\": \"0123456789abcdef0123456789abcdef\"}")
        let lines = SettingsTable(file: file, explained: false).lines
        let secret = try #require(lines.first { $0.hasPrefix("SECRET_KEY") })
        #expect(secret.contains("line 2") && secret.contains("•") && !secret.contains("0123"))
        #expect(lines.count == SettingKey.all.count)
        #expect(lines.filter { $0.contains(" default ") }.count == SettingKey.all.count - 1)
    }

    @Test func `what the table prints can be read back`() throws {
        for key in SettingKey.all {
            var settings = Settings()
            try key.read(try LocatedJSON(parsing: Array(key.show(Settings()).utf8)), &settings)
            #expect(settings == Settings(), "\(key.name)")
        }
    }
}
