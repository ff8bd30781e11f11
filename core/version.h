/* version.h - the version of hybridsim, as `hybridsim --version` and the files it writes name it. */
#ifndef HYBRIDSIM_CORE_VERSION_H
#define HYBRIDSIM_CORE_VERSION_H

#define HYBRIDSIM_VERSION "0.1.0"

#endif
