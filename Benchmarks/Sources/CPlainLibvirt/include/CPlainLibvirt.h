// libvirt, called by its own functions with nothing around them.
#pragma once

/// virConnectOpen; null when libvirt does not answer.
void *pl_open(const char *uri);
void pl_close(void *connection);

/// virDomainDefineXML and virDomainCreate. Returns 0 or -1.
int pl_run(void *connection, const char *document);

/// Ends every domain of the connection and removes its definition.
void pl_remove_all(void *connection);

/// What the last failure on this thread was.
const char *pl_failure(void);
