#include "CPlainLibvirt.h"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdlib.h>

static void ignore(void *context, virErrorPtr error) {}

void *pl_open(const char *uri) {
    // By default libvirt prints its errors.
    virSetErrorFunc(NULL, ignore);
    return virConnectOpen(uri);
}

void pl_close(void *connection) { virConnectClose(connection); }

int pl_run(void *connection, const char *document) {
    virDomainPtr domain = virDomainDefineXML(connection, document);
    if (!domain) return -1;
    int status = virDomainCreate(domain);
    virDomainFree(domain);
    return status;
}

void pl_remove_all(void *connection) {
    virDomainPtr *domains = NULL;
    int count = virConnectListAllDomains(connection, &domains, 0);
    for (int index = 0; index < count; index++) {
        virDomainDestroy(domains[index]);
        virDomainUndefine(domains[index]);
        virDomainFree(domains[index]);
    }
    free(domains);
}

const char *pl_failure(void) {
    const char *message = virGetLastErrorMessage();
    return message ? message : "";
}
