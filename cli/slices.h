/* How the system shares a processor between this program and the processes that it starts. */
#ifndef CLI_SLICES_H
#define CLI_SLICES_H

/* Asks for short slices of time for this thread, as a loop wants them that starts and looks after
 * processes: it is let in sooner, for less long. What it starts has the usual ones. Nothing happens
 * if the system cannot do it (Linux before 6.12), or somebody has decided about this process's
 * share already. */
void use_short_slices(void);

#endif
