// The real world: clocks, chance, the terminal and programs of this machine.
#ifndef ALTC_DEPLOY_MACHINE_H
#define ALTC_DEPLOY_MACHINE_H

#include "runtime/world/world.h"

// `host` must live as long. With `debug`, lines of the debug log go to standard error.
World machine_world(const Host *host, bool debug);
// Nothing of this process may end up in a core dump. False: the system does not allow to say so.
bool machine_forbid_dumps(void);

#endif
