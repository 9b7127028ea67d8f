// The real world: clocks, chance, the terminal, programs and interrupts of this machine.
#ifndef ALTC_DEPLOY_SYSTEM_H
#define ALTC_DEPLOY_SYSTEM_H

#include "runtime/world/world.h"

typedef struct System {
    World world; // its host is the one below
    Host host;
    int signals; // a signalfd, or -1 while interrupts end the process as usual
    bool interrupted;
} System;

// Fills in `system`, which must stay where it is. With `debug`, lines of the debug log go to
// standard error.
void system_init(System *system, bool debug);
// From now on the first SIGINT, SIGTERM or SIGHUP only makes host->cancelled true and ends sleeping
// and asking; the next one ends the process at once. False: the system does not allow it.
bool system_catch_interrupts(System *system);
// Nothing of this process may end up in a core dump. False: the system does not allow to say so.
bool system_forbid_dumps(void);

#endif
