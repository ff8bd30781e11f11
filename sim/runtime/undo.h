/* undo.h - a journal of what a run changes in the file system, written before each change, and how it is undone: whoever
 * started the run calls undo_apply when it has ended, however it ended. So every run of a program finds the files as they were. */
#ifndef HYBRIDSIM_SIM_RUNTIME_UNDO_H
#define HYBRIDSIM_SIM_RUNTIME_UNDO_H

#include <stdbool.h>

struct undo_log;

/* The journal and the copies it needs are kept in `folder`, which exists. NULL: it cannot be made. */
struct undo_log *undo_open(const char *folder);
void undo_close(struct undo_log *log); /* keeps what is in the folder; NULL allowed */

/* All paths are absolute and without symbolic links in their folders. Each is called before the change; false: the copy could
 * not be made (errno says why), and the change must not be. */
bool undo_note_contents(struct undo_log *log, const char *path); /* a file that exists is written to, or one is made */
bool undo_note_status(struct undo_log *log, const char *path);   /* mode or times change */
bool undo_note_make(struct undo_log *log, const char *path);     /* a folder, a link: the name appears */
bool undo_note_remove(struct undo_log *log, const char *path);   /* file, link or empty folder: the name goes */
bool undo_note_rename(struct undo_log *log, const char *from, const char *to);

/* Forgets everything and empties the folder. */
void undo_discard(const char *folder);

/* Undoes everything, last change first, and empties the folder. Returns how many changes could not be undone. */
int undo_apply(const char *folder);

#endif
