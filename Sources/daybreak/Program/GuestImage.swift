import ComputeHost
import Foundation
import Images
import LibvirtHost
import Logging

/// The small guest that a newcomer can launch at once: made on the first start out of Debian packages, and registered.
struct GuestImage: Sendable {
    let directory: StateDirectory
    let images: ImageService
    /// Who owns it.
    let projectID: String
    private let log = Logger(label: "daybreak.guest")

    init(directory: StateDirectory, images: ImageService, projectID: String) {
        self.directory = directory
        self.images = images
        self.projectID = projectID
    }

    /// Pages are served meanwhile: making it takes some seconds, and minutes where the network is slow.
    func makeInBackground() {
        guard (try? images.isGuestRegistered()) == false else { return }
        Thread.detachNewThread { make() }
    }

    private func make() {
        log.info("Making a small guest image from Debian packages. It appears under Images when it is ready.")
        do {
            let guest = try GuestImageBuilder(statePath: directory.path).build { log.debug("\($0)") }
            let format: ImageFormat = guest.format == .raw ? .raw : .qcow2
            let image = try images.registerGuest(file: guest.path, format: format, ownerProjectID: projectID)
            if let image { log.info("The image \(image.name) is ready to be launched.") }
        } catch let fault as HostError {
            log.warning("There is no guest image: \(fault.reason) \(fault.remedy ?? "") The next start tries again.")
        } catch {
            log.warning("There is no guest image: \(error)")
        }
    }
}
