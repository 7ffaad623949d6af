extension PolicyTable {
    /// What is done with servers by `action`.
    static let computeActions = PolicyTable(
        "nova's actions of servers", below: "/compute/v2.1",
        [
            "401 403 202 404 202 404": [
                #"POST /servers/{server}/action {"lock": null}"#,
                #"POST /servers/{server}/action {"unlock": null}"#,
                #"POST /servers/{server}/action {"pause": null}"#,
                #"POST /servers/{server}/action {"suspend": null}"#,
                #"POST /servers/{server}/action {"os-stop": null}"#,
                #"POST /servers/{server}/action {"reboot": {"type": "HARD"}}"#,
                #"POST /servers/{server}/action {"resize": {"flavorRef": "2"}}"#,
                #"POST /servers/{server}/action {"rebuild": {"imageRef": "{publicimage}"}}"#,
                #"POST /servers/{server}/action {"createImage": {"name": "x"}}"#,
                #"POST /servers/{server}/action {"shelve": null}"#,
                #"""
                POST /servers/{server}/action {"createBackup": {"name": "x", "backup_type": "daily", "rotation": 1}}
                """#,
                #"POST /servers/{server}/action {"addSecurityGroup": {"name": "{group}"}}"#,
                #"POST /servers/{server}/action {"forceDelete": null}"#,
            ],
            "401 403 200 404 200 404": [
                #"POST /servers/{server}/action {"rescue": null}"#,
                #"POST /servers/{server}/action {"os-getConsoleOutput": {}}"#,
                #"POST /servers/{server}/action {"os-getVNCConsole": {"type": "novnc"}}"#,
            ],
            "401 403 409 404 409 404": [
                #"POST /servers/{server}/action {"unpause": null}"#,
                #"POST /servers/{server}/action {"resume": null}"#,
                #"POST /servers/{server}/action {"os-start": null}"#,
                #"POST /servers/{server}/action {"confirmResize": null}"#,
                #"POST /servers/{server}/action {"revertResize": null}"#,
                #"POST /servers/{server}/action {"unrescue": null}"#,
                #"POST /servers/{server}/action {"unshelve": null}"#,
                #"POST /servers/{server}/action {"restore": null}"#,
                #"POST /servers/{server}/action {"changePassword": {"adminPass": "x"}}"#,
            ],
            "401 403 400 404 400 404": [
                #"POST@2.17 /servers/{server}/action {"trigger_crash_dump": null}"#
            ],
            "401 403 404 404 404 404": [
                #"POST /servers/{server}/action {"removeSecurityGroup": {"name": "nosuch"}}"#,
                #"POST /servers/{server}/action {"addFloatingIp": {"address": "192.0.2.77"}}"#,
                #"POST /servers/{server}/action {"removeFloatingIp": {"address": "192.0.2.77"}}"#,
            ],
            "401 403 403 404 202 404": [
                #"POST /servers/{server}/action {"os-resetState": {"state": "active"}}"#,
                #"POST /servers/{server}/action {"injectNetworkInfo": null}"#,
            ],
            "401 403 403 404 409 404": [
                #"POST /servers/{server}/action {"shelveOffload": null}"#
            ],
            "401 403 403 404 400 404": [
                #"POST /servers/{server}/action {"migrate": null}"#,
                #"""
                POST /servers/{server}/action {"os-migrateLive": {"host": null, "block_migration": false,
                  "disk_over_commit": false}}
                """#,
                #"POST /servers/{server}/action {"evacuate": {"onSharedStorage": "False"}}"#,
            ],
            "401 410 410 410 410 410": [
                #"POST /servers/{server}/action {"resetNetwork": null}"#
            ],
        ])
}
